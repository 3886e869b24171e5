//! Names in letters that every address and path takes.

/// The name in small ASCII letters without their marks; `mueller` in German.
pub(super) fn letters(name: &str, is_german: bool) -> String {
    folded(name, is_german).filter(char::is_ascii_alphabetic).collect()
}

/// The words of a text in small ASCII letters and digits, between hyphens.
pub(super) fn slug(text: &str) -> String {
    hyphened(text, false)
}

/// The same, with the letters that German has for marks where it is German.
pub(super) fn hyphened(text: &str, is_german: bool) -> String {
    let plain: String = folded(text, is_german)
        .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' })
        .collect();
    plain.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

fn folded(text: &str, is_german: bool) -> impl Iterator<Item = char> + '_ {
    text.chars().flat_map(char::to_lowercase).flat_map(move |letter| {
        let mut bytes = [0; 4];
        let plain = folding(letter, is_german).unwrap_or(letter.encode_utf8(&mut bytes));
        plain.chars().collect::<Vec<_>>()
    })
}

/// What a small letter is without its marks; `None` for itself.
fn folding(letter: char, is_german: bool) -> Option<&'static str> {
    Some(match letter {
        'ä' if is_german => "ae",
        'ö' if is_german => "oe",
        'ü' if is_german => "ue",
        'à'..='å' | 'ā' | 'ă' | 'ą' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' => "d",
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
        'ğ' => "g",
        'ì'..='ï' | 'ī' | 'į' | 'ı' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => "o",
        'œ' => "oe",
        'ř' => "r",
        'ś' | 'š' | 'ş' => "s",
        'ß' => "ss",
        'ť' => "t",
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => "u",
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
            ("Müller-Lüdenscheidt", "mullerludenscheidt"),
            ("Groß", "gross"),
            ("Łukasz", "lukasz"),
            ("İbrahim", "ibrahim"),
            ("Yıldız", "yildiz"),
            ("O'Connell", "oconnell"),
            ("François", "francois"),
            ("太郎", ""),
        ] {
            assert_eq!(letters(name, false), expected, "{name}");
        }
        assert_eq!(letters("Jürgen Öztürk-Weiß", true), "juergenoeztuerkweiss");
        assert_eq!(hyphened("Büro & Söhne S.p.A.", true), "buero-soehne-s-p-a");
        assert_eq!(slug("Çelik ve Oğulları"), "celik-ve-ogullari");
    }
}
