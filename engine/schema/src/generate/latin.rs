//! Names in letters that every address and path takes.

/// The name in small ASCII letters: German as `mueller`, marks of other languages left out.
pub(super) fn letters(name: &str) -> String {
    folded(name).filter(char::is_ascii_alphabetic).collect()
}

/// The words of a text in small ASCII letters and digits, between hyphens.
pub(super) fn slug(text: &str) -> String {
    let plain: String =
        folded(text).map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
    plain.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

fn folded(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().flat_map(char::to_lowercase).flat_map(|letter| {
        let mut bytes = [0; 4];
        let plain = folding(letter).unwrap_or(letter.encode_utf8(&mut bytes));
        plain.chars().collect::<Vec<_>>()
    })
}

/// What a small letter is without its marks; `None` for itself.
fn folding(letter: char) -> Option<&'static str> {
    Some(match letter {
        'à'..='ã' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ä' | 'æ' => "ae",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' => "d",
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
        'ğ' => "g",
        'ì'..='ï' | 'ī' | 'į' | 'ı' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò'..='õ' | 'ø' | 'ō' | 'ő' => "o",
        'ö' | 'œ' => "oe",
        'ř' => "r",
        'ś' | 'š' | 'ş' => "s",
        'ß' => "ss",
        'ť' => "t",
        'ù'..='û' | 'ū' | 'ů' | 'ű' => "u",
        'ü' => "ue",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        // marks that stand alone, as behind the small form of `İ`
        '\u{300}'..='\u{36f}' => "",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_lose_their_marks() {
        for (name, expected) in [
            ("Müller-Lüdenscheidt", "muellerluedenscheidt"),
            ("Groß", "gross"),
            ("Łukasz", "lukasz"),
            ("İbrahim", "ibrahim"),
            ("Yıldız", "yildiz"),
            ("O'Connell", "oconnell"),
            ("François", "francois"),
            ("太郎", ""),
        ] {
            assert_eq!(letters(name), expected, "{name}");
        }
        assert_eq!(slug("Büro & Söhne S.p.A."), "buero-soehne-s-p-a");
    }
}
