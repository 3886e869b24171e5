//! The table of fakers, held against itself.

use mocker_schema::generate::Key;
use serde_json::{Value, json};

use super::{Wanted, fake, fakers, find, limits, locale, locales, table};

#[test]
fn every_faker_gives_something_in_every_locale() {
    for faker in fakers() {
        assert!(!faker.example().is_null(), "{}", faker.name);
        for (locale, _) in locales() {
            for number in 0..20 {
                let wanted = Wanted { locale: Some(locale), ..Wanted::default() };
                let value = faker.value(Key(number), &wanted).expect("a known locale");
                assert!(!value.is_null() && value != json!(""), "{} in {locale}", faker.name);
                assert!(!value.to_string().contains(['{', '}', '^']), "{} in {locale}: {value}", faker.name);
            }
        }
    }
}

#[test]
fn names_are_unique_and_aliases_lead_somewhere() {
    let mut names: Vec<&str> = fakers().iter().map(|faker| faker.name).collect();
    names.extend(table::ALIASES.iter().map(|(alias, _)| *alias));
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
    for (alias, name) in table::ALIASES {
        assert_eq!(find(alias).map(|faker| faker.name), Ok(*name));
    }
    assert!(table::NUMBERS.iter().all(|name| find(name).is_ok_and(|faker| faker.range.is_some())));
    assert_eq!(find("first-name").map(|faker| faker.name), Ok("first_name"));
    assert_eq!(
        find("frist_name").map(|faker| faker.name),
        Err("there is no faker `frist_name`; did you mean `first_name`?".into())
    );
    assert_eq!(find("\u{0}").map(|faker| faker.name), Err("there is no faker `\u{0}`".into()));
}

#[test]
fn a_key_gives_one_value() {
    let of = |number, name| fake(Key(number), name, &Wanted::default()).expect("a faker");
    for faker in fakers() {
        assert_eq!(of(7, faker.name), of(7, faker.name), "{}", faker.name);
    }
    assert_ne!(of(1, "name"), of(2, "name"));
}

#[test]
fn a_locale_changes_what_it_may() {
    let of = |faker: &super::Faker, locale| {
        let wanted = Wanted { locale: Some(locale), ..Wanted::default() };
        (0..20).map(|number| faker.value(Key(number), &wanted).expect("a locale")).collect::<Vec<_>>()
    };
    for faker in fakers() {
        let differs = of(faker, "en") != of(faker, "it");
        assert_eq!(differs, faker.is_localized, "{}", faker.name);
    }
}

#[test]
fn locales_are_found() {
    for (name, expected) in [
        ("pt-br", "pt-BR"),
        ("PT_BR", "pt-BR"),
        ("de-AT", "de-DE"),
        ("ES", "es-ES"),
        ("zh_tw", "zh-TW"),
        ("zh-HK", "zh"),
    ] {
        let known = locales().find(|(known, _)| *known == expected).map(|(_, locale)| locale);
        assert_eq!(locale(name).ok(), known, "{name}");
    }
    assert!(locale("xx").expect_err("not known").contains("en, en-US"));
    assert!(locale("").is_err());
}

#[test]
fn an_address_is_of_one_place() {
    let of = |number, name| {
        let wanted = Wanted { locale: Some("de"), ..Wanted::default() };
        let value = fake(Key(number), name, &wanted).expect("a faker");
        value.as_str().unwrap_or_default().to_owned()
    };
    for number in 0..50 {
        let address = of(number, "address");
        for part in ["street", "postcode", "city"] {
            assert!(address.contains(&of(number, part)), "{address}: {part}");
        }
    }
}

#[test]
fn ranges_are_kept() {
    let of = |name, min, max| fake(Key(5), name, &Wanted { locale: None, min, max });
    assert_eq!(of("number", Some(7), Some(7)), Ok(json!(7)));
    assert_eq!(of("number", Some(5000), None), Ok(json!(5000)));
    assert!(of("number", Some(i64::MIN), Some(i64::MAX)).is_ok());
    assert!(of("number", Some(2), Some(1)).is_err());
    let words = of("words", Some(2), Some(2)).expect("two words");
    assert_eq!(words.as_str().map(|words| words.split(' ').count()), Some(2));
    assert!(of("words", None, Some(limits::FAKED_COUNT)).is_ok());
    assert!(of("words", None, Some(limits::FAKED_COUNT + 1)).is_err());
    assert!(of("words", Some(-1), None).is_err());
    assert!(of("email", Some(1), None).expect_err("no range").contains("takes no range"));
    assert!(
        matches!(of("price", Some(1), Some(2)), Ok(Value::Number(price)) if (1.0..=2.0).contains(&price.as_f64().unwrap_or_default()))
    );
}
