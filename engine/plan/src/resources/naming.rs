//! Words of names: `petId`, `pet_id` and `PetID` are the same two.

/// The words of a name, in lower case: at case changes, and at what is neither letter nor digit.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let letters: Vec<char> = name.chars().collect();
    let mut is_open = false;
    for (index, letter) in letters.iter().enumerate() {
        if !letter.is_alphanumeric() {
            is_open = false;
            continue;
        }
        let before = index.checked_sub(1).map(|before| letters[before]);
        let follows_lower = before.is_some_and(|before| before.is_lowercase() || before.is_ascii_digit());
        // the last capital of a run begins the next word: `PETId`
        let ends_run = before.is_some_and(char::is_uppercase)
            && letters.get(index + 1).is_some_and(|next| next.is_lowercase());
        let begins = letter.is_uppercase() && (follows_lower || ends_run);
        if !is_open || begins {
            words.push(String::new());
        }
        is_open = true;
        if let Some(word) = words.last_mut() {
            word.extend(letter.to_lowercase());
        }
    }
    words
}

/// The words of a name without anything between them.
pub(crate) fn squashed(name: &str) -> String {
    match name.is_ascii() {
        true => {
            let letters = name.bytes().filter(u8::is_ascii_alphanumeric);
            letters.map(|letter| char::from(letter.to_ascii_lowercase())).collect()
        }
        false => {
            name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
        }
    }
}

/// Nouns whose plural is not made by a rule.
const IRREGULAR: [(&str, &str); 6] = [
    ("people", "person"),
    ("children", "child"),
    ("indices", "index"),
    ("indexes", "index"),
    ("analyses", "analysis"),
    ("media", "media"),
];

/// What one of `plural` is called, its words squashed: `ownerAddresses` to `owneraddress`.
pub(crate) fn singular(plural: &str) -> String {
    let mut words = words(plural);
    if let Some(last) = words.last_mut() {
        *last = singular_word(last);
    }
    words.concat()
}

fn singular_word(plural: &str) -> String {
    if let Some((_, one)) = IRREGULAR.iter().find(|(many, _)| *many == plural) {
        return (*one).to_owned();
    }
    if let Some(stem) = plural.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        // `series` and `movies` are none of these, and their stems match nothing else either
        return format!("{stem}y");
    }
    for ending in ["sses", "xes", "ches", "shes", "uses", "zes"] {
        if plural.ends_with(ending) {
            return plural[..plural.len() - 2].to_owned();
        }
    }
    match plural.strip_suffix('s') {
        Some(stem) if stem.len() > 1 && !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => plural.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_into_words() {
        for (name, expected) in [
            ("petId", "pet id"),
            ("pet_id", "pet id"),
            ("PetID", "pet id"),
            ("PETId", "pet id"),
            ("X-Request-Id", "x request id"),
            ("api.v2010.account", "api v2010 account"),
            ("SIPDomain", "sip domain"),
            ("ids", "ids"),
            ("", ""),
            ("größeId", "größe id"),
        ] {
            assert_eq!(words(name).join(" "), expected, "{name}");
            assert_eq!(squashed(name), words(name).concat(), "{name}");
        }
    }

    #[test]
    fn one_of_many() {
        for (plural, expected) in [
            ("pets", "pet"),
            ("categories", "category"),
            ("addresses", "address"),
            ("boxes", "box"),
            ("statuses", "status"),
            ("people", "person"),
            ("IncomingPhoneNumbers", "incomingphonenumber"),
            ("synonym_sets", "synonymset"),
            ("status", "status"),
            ("news", "new"),
            ("releases", "release"),
            ("caches", "cach"),
            ("pet", "pet"),
            ("s", "s"),
        ] {
            assert_eq!(singular(plural), expected, "{plural}");
        }
    }
}
