//! Case, slugs and width of texts.

use super::limits;

/// How the words of a text are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// `UPPER CASE`: only letters change
    Upper,
    /// `lower case`: only letters change
    Lower,
    /// `Title Case`: only letters change
    Title,
    /// `camelCase`
    Camel,
    /// `PascalCase`
    Pascal,
    /// `snake_case`
    Snake,
    /// `kebab-case`
    Kebab,
    /// `a-slug`: kebab case of ASCII letters and digits alone, for paths
    Slug,
}

impl Case {
    /// Every case, by the name of its function.
    pub const ALL: [(&'static str, Case); 8] = [
        ("upper", Case::Upper),
        ("lower", Case::Lower),
        ("title", Case::Title),
        ("camel", Case::Camel),
        ("pascal", Case::Pascal),
        ("snake", Case::Snake),
        ("kebab", Case::Kebab),
        ("slug", Case::Slug),
    ];
}

/// The text in a case.
///
/// # Errors
/// When it is longer than [`limits::TEXT_BYTES`].
pub fn case(text: &str, case: Case) -> Result<String, String> {
    limits::text(text.as_bytes())?;
    Ok(match case {
        Case::Upper => text.to_uppercase(),
        Case::Lower => text.to_lowercase(),
        Case::Title => title(text),
        Case::Camel => {
            let joined = words(text).map(capital).collect::<String>();
            let end = words(text).next().map_or(0, |first| capital(first).len());
            format!("{}{}", joined[..end].to_lowercase(), &joined[end..])
        }
        Case::Pascal => words(text).map(capital).collect(),
        Case::Snake => joined(text, "_"),
        Case::Kebab => joined(text, "-"),
        Case::Slug => joined(&ascii(text), "-"),
    })
}

/// At most `length` characters, of which the last are `ending` where something was cut off.
///
/// # Errors
/// When the text is longer than [`limits::TEXT_BYTES`].
pub fn truncate(text: &str, length: usize, ending: &str) -> Result<String, String> {
    limits::text(text.as_bytes())?;
    if text.chars().nth(length).is_none() {
        return Ok(text.to_owned());
    }
    let kept = length.saturating_sub(ending.chars().count());
    Ok(text.chars().take(kept).chain(ending.chars()).take(length).collect())
}

/// The text behind so many `fill` that it has `width` characters.
///
/// # Errors
/// When `width` is over [`limits::DRAWN_LENGTH`].
pub fn pad_start(text: &str, width: usize, fill: char) -> Result<String, String> {
    Ok(std::iter::repeat_n(fill, missing(text, width)?).chain(text.chars()).collect())
}

/// The text before so many `fill` that it has `width` characters.
///
/// # Errors
/// When `width` is over [`limits::DRAWN_LENGTH`].
pub fn pad_end(text: &str, width: usize, fill: char) -> Result<String, String> {
    Ok(text.chars().chain(std::iter::repeat_n(fill, missing(text, width)?)).collect())
}

/// Latin letters without their marks; other characters that are not ASCII become spaces.
pub(crate) fn ascii(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\0'..='\x7f' => plain.push(character),
            'à'..='å' | 'ā' | 'ă' | 'ą' => plain.push('a'),
            'À'..='Å' | 'Ā' | 'Ă' | 'Ą' => plain.push('A'),
            'ç' | 'ć' | 'č' => plain.push('c'),
            'Ç' | 'Ć' | 'Č' => plain.push('C'),
            'ď' | 'đ' => plain.push('d'),
            'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => plain.push('e'),
            'È'..='Ë' | 'Ē' | 'Ė' | 'Ę' | 'Ě' => plain.push('E'),
            'ğ' => plain.push('g'),
            'Ğ' => plain.push('G'),
            'ì'..='ï' | 'ī' | 'į' | 'ı' => plain.push('i'),
            'Ì'..='Ï' | 'Ī' | 'Į' | 'İ' => plain.push('I'),
            'ł' => plain.push('l'),
            'Ł' => plain.push('L'),
            'ñ' | 'ń' | 'ň' => plain.push('n'),
            'Ñ' | 'Ń' | 'Ň' => plain.push('N'),
            'ò'..='ö' | 'ø' | 'ō' | 'ő' => plain.push('o'),
            'Ò'..='Ö' | 'Ø' | 'Ō' | 'Ő' => plain.push('O'),
            'ř' => plain.push('r'),
            'ś' | 'š' | 'ş' => plain.push('s'),
            'Ś' | 'Š' | 'Ş' => plain.push('S'),
            'ť' => plain.push('t'),
            'ù'..='ü' | 'ū' | 'ů' | 'ű' | 'ŵ' => plain.push(if character == 'ŵ' { 'w' } else { 'u' }),
            'Ù'..='Ü' | 'Ū' | 'Ů' | 'Ű' => plain.push('U'),
            'ý' | 'ÿ' | 'ŷ' => plain.push('y'),
            'Ý' => plain.push('Y'),
            'ź' | 'ż' | 'ž' => plain.push('z'),
            'Ź' | 'Ż' | 'Ž' => plain.push('Z'),
            'ß' => plain.push_str("ss"),
            'æ' => plain.push_str("ae"),
            'Æ' => plain.push_str("Ae"),
            'œ' => plain.push_str("oe"),
            'Œ' => plain.push_str("Oe"),
            '’' => {}
            _ => plain.push(' '),
        }
    }
    plain
}

fn missing(text: &str, width: usize) -> Result<usize, String> {
    limits::check("a width", width, limits::DRAWN_LENGTH)?;
    limits::text(text.as_bytes())?;
    Ok(width.saturating_sub(text.chars().count()))
}

fn title(text: &str) -> String {
    let mut titled = String::with_capacity(text.len());
    let mut inside = false;
    for character in text.chars() {
        match inside {
            true => titled.extend(character.to_lowercase()),
            false => titled.extend(character.to_uppercase()),
        }
        inside = character.is_alphanumeric() || matches!(character, '\'' | '’') && inside;
    }
    titled
}

fn joined(text: &str, with: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    for word in words(text) {
        if !joined.is_empty() {
            joined.push_str(with);
        }
        joined.push_str(&word.to_lowercase());
    }
    joined
}

fn capital(word: &str) -> String {
    let mut characters = word.chars();
    let first = characters.next().map(char::to_uppercase).into_iter().flatten();
    first.chain(characters.flat_map(char::to_lowercase)).collect()
}

/// Runs of letters and digits, cut where a lower-case letter or digit meets a capital (`petName`) and where a run of
/// capitals ends (`HTTPServer`).
fn words(text: &str) -> impl Iterator<Item = &str> {
    let runs = text.split(|character: char| !character.is_alphanumeric());
    runs.filter(|run| !run.is_empty()).flat_map(humps)
}

fn humps(run: &str) -> impl Iterator<Item = &str> {
    let mut rest = run;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut before: Option<char> = None;
        let mut characters = rest.char_indices().peekable();
        let end = loop {
            let Some((at, character)) = characters.next() else { break rest.len() };
            let next_is_lower = characters.peek().is_some_and(|(_, next)| next.is_lowercase());
            let is_cut = before.is_some_and(|before| !before.is_uppercase() || next_is_lower);
            if character.is_uppercase() && is_cut {
                break at;
            }
            before = Some(character);
        };
        let (word, left) = rest.split_at(end);
        rest = left;
        Some(word)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Case, case, limits, pad_end, pad_start, truncate};

    #[test]
    fn cases() {
        for (text, of, expected) in [
            ("Pet store", Case::Upper, "PET STORE"),
            ("Straße", Case::Upper, "STRASSE"),
            ("Pet STORE", Case::Lower, "pet store"),
            ("pet's sTORE-room", Case::Title, "Pet's Store-Room"),
            ("pet store_room", Case::Camel, "petStoreRoom"),
            ("PetStore", Case::Camel, "petStore"),
            ("pet store", Case::Pascal, "PetStore"),
            ("petStore2Go HTTPServer", Case::Snake, "pet_store2_go_http_server"),
            ("Pet  Store!", Case::Kebab, "pet-store"),
            ("Crème brûlée & Größe, 100%", Case::Slug, "creme-brulee-grosse-100"),
            ("日本", Case::Slug, ""),
            ("", Case::Camel, ""),
            ("İx", Case::Camel, "i̇x"),
        ] {
            assert_eq!(case(text, of).as_deref(), Ok(expected), "{text} {of:?}");
        }
        assert!(case(&"a".repeat(limits::TEXT_BYTES), Case::Snake).is_ok());
        assert!(case(&"a".repeat(limits::TEXT_BYTES + 1), Case::Upper).is_err());
    }

    #[test]
    fn widths() {
        for (text, length, ending, expected) in [
            ("Größe", 5, "…", "Größe"),
            ("Größen", 5, "…", "Größ…"),
            ("Größen", 5, "", "Größe"),
            ("abcdef", 2, "...", ".."),
            ("abc", 0, "", ""),
        ] {
            assert_eq!(truncate(text, length, ending).as_deref(), Ok(expected));
        }
        assert_eq!(pad_start("7", 3, '0').as_deref(), Ok("007"));
        assert_eq!(pad_end("é", 3, '.').as_deref(), Ok("é.."));
        assert_eq!(pad_end("long", 2, '.').as_deref(), Ok("long"));
        assert!(pad_start("", limits::DRAWN_LENGTH, ' ').is_ok());
        assert!(pad_start("", limits::DRAWN_LENGTH + 1, ' ').is_err());
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(text in any::<String>(), length in 0_usize..20) {
            for (_, of) in Case::ALL {
                prop_assert!(case(&text, of).is_ok());
            }
            let slug = case(&text, Case::Slug).expect("a short text");
            prop_assert!(slug.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit() || byte.is_ascii_lowercase()));
            prop_assert!(truncate(&text, length, "...").expect("a short text").chars().count() <= length);
        }
    }
}
