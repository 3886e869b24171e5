//! Expressions that the parser does not take, brought closer: look-around, back references,
//! loose hyphens in classes, class names of other dialects.

/// What becomes of `(?=..)`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ahead {
    /// It is cut out; judgement tells whether the rest happens to obey
    Cut,
    /// It is written out as if it were part of the text
    Consume,
}

/// Class names of POSIX and Java, as bracketed ASCII.
const CLASSES: [(&str, &str); 12] = [
    (r"\p{Print}", r"[ -~]"),
    (r"\p{Graph}", r"[!-~]"),
    (r"\p{Alnum}", r"[0-9A-Za-z]"),
    (r"\p{Alpha}", r"[A-Za-z]"),
    (r"\p{Digit}", r"[0-9]"),
    (r"\p{XDigit}", r"[0-9A-Fa-f]"),
    (r"\p{Punct}", r"[!-/:-@\[-`{-~]"),
    (r"\p{Blank}", r"[ \t]"),
    (r"\p{Space}", r"[ \t\r\n]"),
    (r"\p{ASCII}", r"[ -~]"),
    (r"\p{all}", r"[ -~]"),
    (r"\Z", r"\z"),
];

/// The expression with what the parser lacks replaced or left out.
pub(super) fn simplified(source: &str, ahead: Ahead) -> String {
    let named = CLASSES.iter().fold(source.to_owned(), |text, (name, class)| text.replace(name, class));
    let mut out = String::with_capacity(named.len());
    let mut rest = named.as_str();
    while let Some(first) = rest.chars().next() {
        if rest.starts_with("(?=") && ahead == Ahead::Consume {
            out.push_str("(?:");
            rest = &rest[3..];
            continue;
        }
        if ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|look| rest.starts_with(look)) {
            rest = &rest[group_length(rest)..];
            continue;
        }
        let end = match first {
            '[' => class_length(rest),
            '\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            _ => first.len_utf8(),
        };
        let (taken, left) = rest.split_at(end);
        let is_back_reference =
            taken.starts_with('\\') && taken[1..].starts_with(|c: char| ('1'..='9').contains(&c));
        match first {
            '[' => out.push_str(&class(taken)),
            '{' if !is_quantifier(rest) => out.push_str(r"\{"),
            _ if is_back_reference => {}
            _ => out.push_str(taken),
        }
        rest = left;
    }
    out
}

/// Whether the text starts with `{n}`, `{n,}` or `{n,m}`; any other brace stands for itself.
fn is_quantifier(text: &str) -> bool {
    let Some((inside, _)) = text[1..].split_once('}') else { return false };
    let (least, most) = inside.split_once(',').unwrap_or((inside, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !least.is_empty() && is_digits(least) && is_digits(most)
}

/// A class whose hyphens beside `\w` and the like stand for themselves, without surrogates.
fn class(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some(end) = surrogate_range(rest) {
            rest = &rest[end..];
            continue;
        }
        let end = match first {
            '\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            _ => first.len_utf8(),
        };
        let (taken, left) = rest.split_at(end);
        out.push_str(taken);
        rest = left;
        let is_set = matches!(taken, r"\w" | r"\d" | r"\s" | r"\W" | r"\D" | r"\S");
        let follows = ["-\\w", "-\\d", "-\\s"].iter().any(|set| rest.starts_with(set));
        if (is_set || follows) && rest.starts_with('-') {
            out.push_str(r"\-");
            rest = &rest[1..];
        }
    }
    out
}

/// Bytes of `\uD800` (to `\uDFFF`), or of a range of them, at the start of `text`.
fn surrogate_range(text: &str) -> Option<usize> {
    let is_one = |text: &str| {
        let digits = text.strip_prefix(r"\u").and_then(|digits| digits.get(..4));
        digits.is_some_and(|digits| matches!(u32::from_str_radix(digits, 16), Ok(0xD800..=0xDFFF)))
    };
    if !is_one(text) {
        return None;
    }
    Some(if text[6..].strip_prefix('-').is_some_and(is_one) { 13 } else { 6 })
}

/// Bytes of the group at the start of `text`, its parentheses included.
fn group_length(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(next) = text.get(at..).and_then(|rest| rest.chars().next()) {
        match next {
            '(' => depth += 1,
            ')' if depth == 1 => return at + 1,
            ')' => depth = depth.saturating_sub(1),
            '[' => {
                at += class_length(&text[at..]);
                continue;
            }
            '\\' => at += 1,
            _ => {}
        }
        at += text[at..].chars().next().map_or(1, char::len_utf8);
    }
    text.len()
}

/// Bytes of the bracketed class at the start of `text`; nested classes are counted.
fn class_length(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(next) = text.get(at..).and_then(|rest| rest.chars().next()) {
        match next {
            '[' => depth += 1,
            ']' if depth == 1 => return at + 1,
            ']' => depth -= 1,
            '\\' => at += 1,
            _ => {}
        }
        at += text[at..].chars().next().map_or(1, char::len_utf8);
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_dialects_are_brought_closer() {
        let cases = [
            (r"^(?!aws:)[a-z]+$", r"^[a-z]+$"),
            (r"^(?=.*[)(]).{2}$", r"^.{2}$"),
            (r"[\w-.]+", r"[\w\-.]+"),
            (r"[.-\w]", r"[.\-\w]"),
            (r"(a)\1", r"(a)"),
            (r"\p{XDigit}{8}", r"[0-9A-Fa-f]{8}"),
            (r"[\t\uD800\uDBFF-\uDC00\uDFFF]", r"[\t]"),
            (r"\(?=", r"\(?="),
            (r"a{1-2}b{2}", r"a\{1-2}b{2}"),
        ];
        for (source, expected) in cases {
            assert_eq!(simplified(source, Ahead::Cut), expected, "{source}");
        }
        assert_eq!(simplified("(?=a)b", Ahead::Consume), "(?:a)b");
    }
}
