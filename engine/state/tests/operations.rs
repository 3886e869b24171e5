//! Each operation: what it answers, and what is there afterwards.

#![allow(clippy::unwrap_used)]

use mocker_state::{GLOBAL, Limits, Refusal, Space, Store, Value};

fn json(text: &str) -> Value {
    Value::parse(text).unwrap()
}

fn keys(store: &Store, scope: &str, prefix: &str, limit: usize) -> Vec<String> {
    store.list(scope, prefix, limit, 0).into_iter().map(|(key, _)| key.into()).collect()
}

/// Runs a check in the global scope and in another, which are kept differently.
fn check(run: impl Fn(&Store, &str)) {
    for scope in [GLOBAL, "a session"] {
        let store = Store::new(Limits::default());
        run(&store, scope);
        store.clear(scope, 0);
        assert_eq!((store.usage().bytes, store.usage().keys, store.usage().scopes), (0, 0, 0), "{scope:?}");
    }
}

#[test]
fn what_is_set_is_read_until_it_is_deleted() {
    check(|store, scope| {
        assert_eq!(store.get(scope, "k", 0), None);
        store.set(scope, "k", json(r#"{ "b": [1, 2.5, "x"], "a": null }"#), None, 0).unwrap();
        assert_eq!(store.get(scope, "k", 0).unwrap().to_json(), r#"{"b":[1,2.5,"x"],"a":null}"#);
        assert_eq!(store.get("another", "k", 0), None);
        store.set(scope, "k", "new".into(), None, 0).unwrap();
        assert_eq!(store.get(scope, "k", 0).unwrap().as_str(), Some("new"));
        assert!(store.delete(scope, "k", 0));
        assert!(!store.delete(scope, "k", 0));
        assert_eq!(store.get(scope, "k", 0), None);
    });
}

#[test]
fn keys_live_as_long_as_they_are_told() {
    check(|store, scope| {
        store.set(scope, "k", 1.into(), Some(10), 100).unwrap();
        assert!(store.get(scope, "k", 109).is_some());
        assert!(store.get(scope, "k", 110).is_none());
        assert!(!store.delete(scope, "k", 110));

        store.set(scope, "k", 1.into(), Some(10), 200).unwrap();
        store.set(scope, "k", 2.into(), None, 205).unwrap();
        assert_eq!(store.get(scope, "k", 9999).unwrap().as_i64(), Some(2));

        store.set(scope, "k", 3.into(), Some(0), 300).unwrap();
        assert_eq!(store.get(scope, "k", 300), None);
        assert_eq!(store.increment(scope, "k", 1, 300).unwrap().as_i64(), Some(1));
    });
}

#[test]
fn increments_keep_kind_and_time() {
    check(|store, scope| {
        assert_eq!(store.increment(scope, "n", 2, 0).unwrap().to_json(), "2");
        assert_eq!(store.increment(scope, "n", -3, 0).unwrap().to_json(), "-1");
        assert_eq!(store.increment(scope, "n", 0.5, 0).unwrap().to_json(), "-0.5");
        assert_eq!(store.increment(scope, "n", 1, 0).unwrap().to_json(), "0.5");
        store.set(scope, "t", 1.into(), Some(10), 0).unwrap();
        store.increment(scope, "t", 1, 5).unwrap();
        assert_eq!(store.get(scope, "t", 9).unwrap().as_i64(), Some(2));
        assert_eq!(store.get(scope, "t", 10), None);
    });
}

#[test]
fn what_cannot_be_added_is_refused() {
    check(|store, scope| {
        let cases: [(Value, mocker_state::Number, &str); 6] = [
            (i64::MAX.into(), 1.into(), "out of range"),
            (i64::MIN.into(), (-1).into(), "out of range"),
            (f64::MAX.into(), f64::MAX.into(), "out of range"),
            (1.into(), f64::NAN.into(), "out of range"),
            ("1".into(), 1.into(), "the value is a string"),
            (json("[1]"), 1.into(), "the value is an array"),
        ];
        let all = cases.len() as u64;
        for (held, by, why) in cases {
            store.set(scope, "k", held.clone(), None, 0).unwrap();
            let refusal = store.increment(scope, "k", by, 0).unwrap_err();
            assert!(refusal.to_string().contains(why), "{refusal}");
            assert!(!refusal.is_full());
            assert_eq!(store.get(scope, "k", 0), Some(held));
        }
        assert_eq!(store.usage().refused, all);
    });
}

#[test]
fn compare_and_set_compares_by_meaning() {
    let cases: [(Option<&str>, Option<&str>, bool); 14] = [
        (None, None, true),
        (None, Some("1"), false),
        (Some("1"), None, false),
        (Some("null"), None, false),
        (Some("1"), Some("1.0"), true),
        (Some("9007199254740993"), Some("9007199254740992.0"), false),
        (Some("1"), Some("true"), false),
        (Some("\"1\""), Some("1"), false),
        (Some(r#"{"a":1,"b":[2]}"#), Some(r#"{ "b": [2.0], "a": 1 }"#), true),
        (Some(r#"{"a":1}"#), Some(r#"{"a":1,"b":2}"#), false),
        (Some("[1,2]"), Some("[2,1]"), false),
        (Some("[]"), Some("{}"), false),
        (Some("[18446744073709551615]"), Some("[18446744073709551614]"), false),
        (Some("\"\\u00e9\""), Some("\"é\""), true),
    ];
    check(|store, scope| {
        for (held, expected, equal) in cases {
            store.delete(scope, "k", 0);
            if let Some(held) = held {
                store.set(scope, "k", json(held), None, 0).unwrap();
            }
            let expected = expected.map(json);
            let done = store.compare_and_set(scope, "k", expected.as_ref(), Some("new".into()), Some(10), 0);
            assert_eq!(done, Ok(equal), "{held:?} {expected:?}");
            let after = if equal { Some("new".into()) } else { held.map(json) };
            assert_eq!(store.get(scope, "k", 9), after);
            assert_eq!(store.get(scope, "k", 10).is_none(), equal || held.is_none());
        }
        store.set(scope, "k", json("[1]"), None, 0).unwrap();
        assert_eq!(store.compare_and_set(scope, "k", Some(&json("[1]")), None, None, 0), Ok(true));
        assert_eq!(store.get(scope, "k", 0), None);
        assert_eq!(store.compare_and_set(scope, "k", None, None, None, 0), Ok(true));
    });
}

#[test]
fn arrays_grow_and_readers_keep_what_they_read() {
    check(|store, scope| {
        let mut model = Vec::new();
        let mut snapshots = Vec::new();
        for number in 0..3000_i64 {
            let element =
                if number % 7 == 0 { "x".repeat(number as usize).into() } else { Value::from(number) };
            model.push(element.to_json());
            if number % 500 == 3 {
                snapshots.push((
                    store.get(scope, "l", 0).unwrap(),
                    format!("[{}]", model[..model.len() - 1].join(",")),
                ));
            }
            assert_eq!(store.append(scope, "l", element, 0), Ok(model.len()));
        }
        assert_eq!(store.get(scope, "l", 0).unwrap().to_json(), format!("[{}]", model.join(",")));
        for (snapshot, then) in snapshots {
            assert_eq!(snapshot.to_json(), then);
        }
    });
}

#[test]
fn what_is_set_can_be_appended_to() {
    check(|store, scope| {
        for (held, then, length) in
            [("[]", "[9]", 1), ("[1]", "[1,9]", 2), (r#"[[1,2],"a,b]"]"#, r#"[[1,2],"a,b]",9]"#, 3)]
        {
            store.set(scope, "l", json(held), Some(10), 0).unwrap();
            assert_eq!(store.append(scope, "l", 9.into(), 5), Ok(length));
            assert_eq!(store.get(scope, "l", 9), Some(json(then)));
            assert_eq!(store.get(scope, "l", 10), None);
        }
        store.set(scope, "o", json("{}"), None, 0).unwrap();
        let refusal = store.append(scope, "o", 1.into(), 0).unwrap_err();
        assert_eq!(refusal, Refusal::NotAnArray { found: "an object" });
    });
}

#[test]
fn lists_are_by_prefix_and_in_order() {
    check(|store, scope| {
        for key in ["b", "a/2", "a/10", "a", "é", "a0", ""] {
            store.set(scope, key, key.into(), None, 0).unwrap();
        }
        store.set(scope, "a/gone", 1.into(), Some(0), 0).unwrap();
        for (prefix, limit, found) in [
            ("", 10, vec!["", "a", "a/10", "a/2", "a0", "b", "é"]),
            ("a/", 10, vec!["a/10", "a/2"]),
            ("a", 2, vec!["a", "a/10"]),
            ("é", 10, vec!["é"]),
            ("c", 10, vec![]),
            ("", 0, vec![]),
        ] {
            assert_eq!(keys(store, scope, prefix, limit), found, "{prefix:?} {limit}");
        }
    });
}

#[test]
fn the_engine_has_keys_of_its_own() {
    check(|store, scope| {
        let engine = store.engine();
        engine.set(scope, "k", "engine".into(), None, 0).unwrap();
        assert_eq!(store.get(scope, "k", 0), None);
        assert!(!store.delete(scope, "k", 0));
        assert_eq!(keys(store, scope, "", 10), Vec::<String>::new());
        store.set(scope, "k", "user".into(), None, 0).unwrap();
        assert_eq!(engine.get(scope, "k", 0), Some("engine".into()));
        assert_eq!(store.space(Space::User).get(scope, "k", 0), Some("user".into()));
        assert_eq!(store.scopes(0)[0].keys, 1);
        assert_eq!(store.clear(scope, 0), 1);
        assert_eq!(engine.get(scope, "k", 0), None);
    });
}

#[test]
fn values_are_written_as_they_were_read() {
    for text in ["null", "true", "-5", "1.5", "1e300", r#""a\"\\\nb""#, "[]", "{}", r#"[{"z":1,"a":[]}]"#] {
        assert_eq!(json(text).to_json(), json(text).to_tree().to_string());
        assert_eq!(Value::from_tree(&json(text).to_tree()), Ok(json(text)));
    }
    assert_eq!(json("[ 1 , 2 ]").array_len(), Some(2));
    assert_eq!(json("3.0").as_i64(), Some(3));
    assert_eq!(json("9223372036854775808").as_i64(), None);
    assert_eq!(Value::from(f64::NAN), Value::NULL);
    assert!(Value::parse("{").is_err());
    assert_eq!(Value::from_json("{").as_str(), Some("{"));
}
