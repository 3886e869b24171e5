//! From a property's name to what its values look like. The table is data: `names.txt`.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use super::fakers::{self, Source};

/// Numbers `low / 10^scale` to `high / 10^scale`, both included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Range {
    pub(super) low: i64,
    pub(super) high: i64,
    pub(super) scale: u8,
    /// Whether all digits of the scale are written, as in prices
    pub(super) fixed: bool,
}

/// Numbers that nothing is known of.
pub(super) const ORDINARY: Range = Range { low: 1, high: 1000, scale: 0, fixed: false };
/// 2024 and 2025, in seconds since 1970.
pub(super) const UNIX_TIME: Range = Range { low: 1_704_067_200, high: 1_767_225_599, scale: 0, fixed: false };

/// Which half of the time that values come from a name asks for, so that the times of one object follow each other:
/// what is created is updated later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Era {
    /// 2024
    Begin,
    /// Of numbers alone: between the least and the most
    Middle,
    /// 2025
    End,
}

/// 2025-01-01T00:00:00Z
const MIDDLE: i64 = 1_735_689_600;

impl Era {
    /// What is left of a range of seconds since 1970, where that is the whole time.
    pub(super) fn of_seconds(self, range: Range) -> Range {
        match self {
            _ if range != UNIX_TIME || self == Era::Middle => range,
            Era::Begin => Range { high: MIDDLE - 1, ..range },
            _ => Range { low: MIDDLE, ..range },
        }
    }
}

/// Words of a name that are looked at, from its end.
const WORDS: usize = 4;

struct Table {
    strings: HashMap<String, Source>,
    integers: HashMap<String, Range>,
    numbers: HashMap<String, Range>,
    eras: HashMap<String, Era>,
    thirds: HashMap<String, Era>,
    weights: HashMap<String, usize>,
    /// Fakers that say more than that of a format
    narrower: Vec<(Source, Source)>,
    /// What words are, by what they are
    words: HashMap<String, HashSet<String>>,
    /// What the entries of maps are called, by what the maps are called
    keys: HashMap<String, Box<[String]>>,
    /// By faker.js' names of methods, in lower case
    methods: HashMap<String, Source>,
}

/// What makes strings as the faker.js method `x-faker` asks for: `name.firstName`, or an
/// object whose only key is the method.
pub(super) fn faker(asked: &serde_json::Value) -> Option<Source> {
    let method = match asked {
        serde_json::Value::String(method) => method,
        serde_json::Value::Object(methods) => methods.keys().next()?,
        _ => return None,
    };
    table().methods.get(&method.trim_matches(['{', '}']).to_lowercase()).copied()
}

/// What makes strings of this name, if the name tells.
pub(super) fn string(name: &str, parent: &str) -> Option<Source> {
    match ends_with(parent, "links") {
        true => fakers::source("uri"),
        // a `userName` is what somebody signs in with, the `name` of a `User` is not
        false if key(name) == "name" && holder(parent).as_deref() == Some("user") => {
            fakers::source("full_name")
        }
        false => look_up(&table().strings, name, parent).copied(),
    }
}

/// The range of numbers of this name, if the name tells.
pub(super) fn number(name: &str, parent: &str, is_whole: bool) -> Option<Range> {
    match is_whole {
        true => look_up(&table().integers, name, parent).copied(),
        false => look_up(&table().numbers, name, parent).copied(),
    }
}

/// When a time of this name is, if the name tells.
pub(super) fn era(name: &str, parent: &str) -> Option<Era> {
    look_up(&table().eras, name, parent).copied()
}

/// Which third of the usual numbers a number of this name is in, so that a minimum is below its maximum.
pub(super) fn part(name: &str, parent: &str) -> Option<Era> {
    look_up(&table().thirds, name, parent).copied()
}

/// How often a value of an `enum` is drawn of which nothing is known.
pub(super) const USUAL: usize = 2;

/// How often this value of an `enum` is drawn.
pub(super) fn weight(value: &str) -> usize {
    table().weights.get(&words(value).concat()).copied().unwrap_or(USUAL)
}

/// Whether a faker says more than another, that of a format, and obeys the format.
pub(super) fn narrows(faker: Source, of_format: Source) -> bool {
    table().narrower.contains(&(faker, of_format))
}

/// Whose a member of this name is: what remains without the words that say what it is. `billingCity` is of `billing`.
pub(super) fn role(name: &str) -> String {
    let mut words = words(name);
    while words.last().is_some_and(|word| table().is("attribute", word)) {
        words.pop();
    }
    words.concat()
}

/// Whether whose it is may go without saying: a `customer_name` beside an `email`.
pub(super) fn is_self(role: &str) -> bool {
    table().is("self", role)
}

/// Whether an object of this name is a part of what it stands in: an `address`, but not a `manager`.
pub(super) fn is_part(name: &str) -> bool {
    table().is("part", &key(name))
}

/// Whether a name ends with the word for a part of a country, which is one for a status too.
pub(super) fn is_state(name: &str) -> bool {
    words(name).last().is_some_and(|word| word == "state")
}

/// A name as tables have it.
pub(super) fn key(name: &str) -> String {
    words(name).concat()
}

/// What a table has for a property: by its name with its holder's, by all of its name, by its last words.
pub(super) fn look_up<'t, T>(entries: &'t HashMap<String, T>, name: &str, parent: &str) -> Option<&'t T> {
    let words = words(name);
    if let ([only], Some(holder)) = (words.as_slice(), holder(parent)) {
        let holder = holder.strip_suffix('s').filter(|stem| !stem.ends_with('s')).unwrap_or(&holder);
        if let Some(found) = entries.get(&format!("{holder}{only}")) {
            return Some(found);
        }
    }
    let first = words.len().saturating_sub(WORDS);
    (first..words.len()).find_map(|start| entries.get(&words[start..].concat()))
}

/// The last word of what holds a property that says what it is: `Track` of a `TrackObject`.
fn holder(parent: &str) -> Option<String> {
    let mut words = words(parent);
    let last = words.iter().rposition(|word| !table().is("wrapper", word));
    words.truncate(last.map_or(words.len(), |last| last + 1));
    words.pop()
}

/// Whether a name says nothing of what is inside: `items`, `data`.
pub(super) fn is_wrapper(name: &str) -> bool {
    words(name).iter().all(|word| table().is("wrapper", word))
}

/// Whether a name, as far as it says what it is, ends with a word of a kind that `[words]` has.
pub(super) fn ends_with(name: &str, kind: &str) -> bool {
    holder(name).is_some_and(|word| table().is(kind, &word))
}

/// Whether some word of a name is of a kind that `[words]` has.
pub(super) fn has_word(name: &str, kind: &str) -> bool {
    words(name).iter().any(|word| table().is(kind, word))
}

/// Whether a name is one of those of a kind that `[words]` has.
pub(super) fn is_one_of(name: &str, kind: &str) -> bool {
    table().is(kind, &key(name))
}

/// What a thing of a schema is, as APIs write it in a `type`: `credit_note` of a `CreditNoteResponse`. `None` where the
/// schema's name does not tell.
pub(super) fn species(title: &str) -> Option<String> {
    const MOST: usize = 3;
    let last = title.rsplit('.').next().unwrap_or(title);
    let is_number = |word: &str| word.trim_start_matches('v').chars().all(char::is_numeric);
    let mut words: Vec<String> = words(last).into_iter().filter(|word| !is_number(word)).collect();
    while words.last().is_some_and(|word| table().is("wrapper", word)) {
        words.pop();
    }
    let first = words.iter().position(|word| !table().is("variant", word)).unwrap_or(words.len());
    let words = &words[first..];
    (1..=MOST).contains(&words.len()).then(|| words.join("_"))
}

/// What entries of a map of this name are called, if the name tells.
pub(super) fn keys(name: &str, parent: &str) -> Option<&'static [String]> {
    look_up(&table().keys, name, parent).map(|keys| &**keys)
}

/// Whether a property says of a thing what most things are not, as `deleted` and `canceled_at` do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unlikely {
    /// That it is so
    Fact,
    /// When, why, or by whom
    Detail,
}

/// What a name says of a thing that most things are not.
pub(super) fn unlikely(name: &str) -> Option<Unlikely> {
    let words = words(name);
    let is = |kind: &'static str| move |word: &String| table().is(kind, word);
    let start = words.iter().take_while(|word| is("auxiliary")(word)).count();
    let end = words.len() - words.iter().rev().take_while(|word| is("circumstance")(word)).count();
    let core = words.get(start..end)?;
    let is_of_list = !core.is_empty() && core.iter().all(is("gone"));
    match (is_of_list, end < words.len()) {
        (true, true) => Some(Unlikely::Detail),
        (true, false) => Some(Unlikely::Fact),
        (false, true) if !core.is_empty() && core.iter().all(is("going")) => Some(Unlikely::Detail),
        _ => is_one_of(name, "exception").then_some(Unlikely::Detail),
    }
}

/// The words of a name in lower case: `lastSeenURL2` is `last seen url 2`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut previous = ' ';
    let mut characters = name.chars().take(64).peekable();
    while let Some(character) = characters.next() {
        if character.is_alphanumeric() {
            let next_is_lower = characters.peek().is_some_and(|next| next.is_lowercase());
            let starts = !previous.is_alphanumeric()
                || character.is_numeric() != previous.is_numeric()
                || character.is_uppercase() && (previous.is_lowercase() || next_is_lower);
            if starts {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.extend(character.to_lowercase());
            }
        }
        previous = character;
    }
    words
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| read(include_str!("names.txt")))
}

fn read(text: &str) -> Table {
    let mut table = Table {
        strings: HashMap::new(),
        integers: HashMap::new(),
        numbers: HashMap::new(),
        eras: HashMap::new(),
        thirds: HashMap::new(),
        weights: HashMap::new(),
        narrower: Vec::new(),
        words: HashMap::new(),
        keys: HashMap::new(),
        methods: HashMap::new(),
    };
    let mut section = "";
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some((maker, names)) = line.split_once('=') else {
            section = line.trim_matches(['[', ']']);
            continue;
        };
        let maker = maker.trim();
        for name in names.split(',') {
            let name: String = name.split_whitespace().collect();
            match section {
                "string" => insert(&mut table.strings, name, fakers::source(maker)),
                "faker" => insert(&mut table.methods, name.to_lowercase(), fakers::source(maker)),
                "integer" => insert(&mut table.integers, name, range(maker)),
                "era" => insert(&mut table.eras, name, era_named(maker)),
                "third" => insert(&mut table.thirds, name, era_named(maker)),
                "weight" => insert(&mut table.weights, name, maker.parse().ok()),
                "narrower" => table.narrower.extend(fakers::source(&name).zip(fakers::source(maker))),
                "words" => _ = table.words.entry(maker.to_owned()).or_default().insert(name),
                "keys" => {
                    insert(&mut table.keys, name, Some(maker.split_whitespace().map(str::to_owned).collect()))
                }
                "money" => {
                    insert(&mut table.numbers, name, range(maker).map(|range| Range { fixed: true, ..range }))
                }
                _ => insert(&mut table.numbers, name, range(maker)),
            }
        }
    }
    table
}

impl Table {
    fn is(&self, kind: &str, word: &str) -> bool {
        self.words.get(kind).is_some_and(|words| words.contains(word))
    }
}

/// The first line that names a name holds; makers that do not exist are left to the test.
fn insert<T>(entries: &mut HashMap<String, T>, name: String, value: Option<T>) {
    if let Some(value) = value {
        entries.entry(name).or_insert(value);
    }
}

fn era_named(text: &str) -> Option<Era> {
    match text {
        "begin" => Some(Era::Begin),
        "middle" => Some(Era::Middle),
        "end" => Some(Era::End),
        _ => None,
    }
}

pub(super) fn range(text: &str) -> Option<Range> {
    let (low, high) = text.split_once("..")?;
    let scale = low.split_once('.').map_or(0, |(_, digits)| digits.len());
    let whole = |text: &str| text.replace('.', "").parse().ok();
    Some(Range { low: whole(low)?, high: whole(high)?, scale: scale as u8, fixed: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_into_words() {
        let cases = [
            ("lastSeenURL2", "last seen url 2"),
            ("IPAddress", "ip address"),
            ("first_name", "first name"),
            ("X-Request-ID", "x request id"),
            ("id.value", "id value"),
            ("", ""),
        ];
        for (name, expected) in cases {
            assert_eq!(words(name).join(" "), expected);
        }
    }

    const KINDS: [&str; 19] = [
        "attribute",
        "self",
        "part",
        "wrapper",
        "variant",
        "auxiliary",
        "gone",
        "going",
        "circumstance",
        "exception",
        "trouble",
        "judged",
        "saying",
        "species",
        "reference",
        "human",
        "links",
        "animal",
        "sold",
    ];

    #[test]
    fn every_line_of_the_table_is_understood() {
        let mut section = "";
        for line in
            include_str!("names.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
        {
            let Some((maker, names)) = line.split_once('=') else {
                section = line;
                continue;
            };
            let known = match section {
                "[string]" | "[faker]" => fakers::source(maker.trim()).is_some(),
                "[integer]" | "[number]" | "[money]" => {
                    range(maker.trim()).is_some_and(|range| range.low <= range.high)
                }
                "[era]" | "[third]" => era_named(maker.trim()).is_some(),
                "[weight]" => maker.trim().parse::<usize>().is_ok(),
                "[narrower]" => {
                    names.split(',').chain([maker]).all(|name| fakers::source(name.trim()).is_some())
                }
                "[words]" => KINDS.contains(&maker.trim()),
                "[keys]" => maker.split_whitespace().count() > 1,
                _ => false,
            };
            assert!(known, "{line}");
            assert!(names.split(',').all(|name| !name.trim().is_empty()), "{line}");
        }
    }

    #[test]
    fn names_tell_when_a_time_is() {
        for (name, expected) in [
            ("createdAt", Some(Era::Begin)),
            ("subscription_period_end", Some(Era::End)),
            ("LastModifiedDate", Some(Era::End)),
            ("birthday", None),
        ] {
            assert_eq!(era(name, ""), expected, "{name}");
        }
        assert_eq!(Era::Begin.of_seconds(ORDINARY), ORDINARY);
        assert_eq!(Era::Begin.of_seconds(UNIX_TIME).high + 1, Era::End.of_seconds(UNIX_TIME).low);
    }

    #[test]
    fn the_last_words_and_the_holder_decide() {
        assert_eq!(string("billingEmail", ""), fakers::source("email"));
        assert_eq!(string("name", "company"), fakers::source("company"));
        assert_eq!(string("name", "Pets"), fakers::source("pet_name"));
        assert_eq!(string("state", "address"), fakers::source("state"));
        assert_eq!(string("name", "Widgets"), fakers::source("thing_name"));
        assert_eq!(string("qzx", ""), None);
        assert_eq!(number("lat", "", false).map(|range| range.scale), Some(6));
        assert_eq!(
            number("statusCode", "", true),
            Some(Range { low: 200, high: 200, scale: 0, fixed: false })
        );
    }
}
