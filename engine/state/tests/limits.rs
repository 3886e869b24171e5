//! The edge of every limit: what just fits, and what is refused.

#![allow(clippy::unwrap_used)]

use mocker_state::{GLOBAL, Limits, Refusal, Store, Value};

const BOTH: [&str; 2] = [GLOBAL, "a session"];

#[test]
fn keys_and_names_of_scopes() {
    let store = Store::new(Limits { key_bytes: 4, ..Limits::default() });
    for scope in BOTH.map(|scope| scope.get(..4).unwrap_or_default()) {
        store.set(scope, "1234", 1.into(), None, 0).unwrap();
        assert_eq!(
            store.set(scope, "12345", 1.into(), None, 0),
            Err(Refusal::KeyTooLong { bytes: 5, limit: 4 })
        );
        assert_eq!(store.get(scope, "12345", 0), None);
        assert!(!store.delete(scope, "12345", 0));
    }
    let refusal = store.set("12345", "k", 1.into(), None, 0).unwrap_err();
    assert_eq!(refusal, Refusal::ScopeTooLong { bytes: 5, limit: 4 });
    assert_eq!(store.usage().refused, 3);
}

#[test]
fn values() {
    let store = Store::new(Limits { value_bytes: 10, ..Limits::default() });
    let (fits, long) = ("x".repeat(10), "x".repeat(11));
    for scope in BOTH {
        store.set(scope, "k", fits.clone().into(), None, 0).unwrap();
        let refused = Err(Refusal::ValueTooLong { bytes: 11, limit: 10 });
        assert_eq!(store.set(scope, "k", long.clone().into(), None, 0), refused);
        assert_eq!(
            store.compare_and_set(scope, "k", Some(&fits.clone().into()), Some(long.clone().into()), None, 0),
            refused.map(|()| true)
        );
        assert_eq!(store.get(scope, "k", 0), Some(fits.clone().into()));

        // `[1,1,1,1]` has 9 bytes.
        for length in 1..=4 {
            assert_eq!(store.append(scope, "l", 1.into(), 0), Ok(length));
        }
        let refusal = store.append(scope, "l", 1.into(), 0).unwrap_err();
        assert_eq!(refusal, Refusal::ValueTooLong { bytes: 11, limit: 10 });
        assert_eq!(store.get(scope, "l", 0).unwrap().to_json(), "[1,1,1,1]");
    }
}

#[test]
fn keys_of_a_scope() {
    let store = Store::new(Limits { keys: 3, ..Limits::default() });
    for scope in BOTH {
        store.set(scope, "mortal", 1.into(), Some(10), 0).unwrap();
        store.set(scope, "a", 1.into(), None, 0).unwrap();
        store.increment(scope, "b", 1, 0).unwrap();
        let refused = Refusal::TooManyKeys { limit: 3 };
        assert!(refused.is_full());
        assert_eq!(store.set(scope, "c", 1.into(), None, 0), Err(refused.clone()));
        assert_eq!(store.increment(scope, "c", 1, 0), Err(refused.clone()));
        assert_eq!(store.append(scope, "c", 1.into(), 0), Err(refused.clone()));
        assert_eq!(store.compare_and_set(scope, "c", None, Some(1.into()), None, 0), Err(refused));
        store.increment(scope, "b", 1, 0).unwrap();
        store.engine().set(scope, "c", 1.into(), None, 0).unwrap();
        // What has expired does not stand in the way.
        store.set(scope, "c", 1.into(), None, 10).unwrap();
        assert!(store.set(scope, "d", 1.into(), None, 10).is_err());
        assert!(store.delete(scope, "a", 10));
        store.set(scope, "d", 1.into(), None, 10).unwrap();
    }
}

#[test]
fn scopes() {
    let store = Store::new(Limits { scopes: 2, scope_idle: 100, ..Limits::default() });
    store.set("a", "k", 1.into(), None, 0).unwrap();
    store.set("b", "k", 1.into(), None, 50).unwrap();
    assert_eq!(store.set("c", "k", 1.into(), None, 99), Err(Refusal::TooManyScopes { limit: 2 }));
    assert_eq!(store.usage().scopes, 2);
    store.set("c", "k", 1.into(), None, 100).unwrap();
    assert_eq!(store.get("a", "k", 100), None);
    let told: Vec<_> =
        store.scopes(120).into_iter().map(|scope| (scope.name, scope.keys, scope.idle)).collect();
    assert_eq!(told, [("b".into(), 1, 70), ("c".into(), 1, 20)]);
    // A scope without keys is none.
    assert!(store.delete("b", "k", 120));
    store.set("d", "k", 1.into(), None, 120).unwrap();
}

#[test]
fn scopes_live_as_long_as_they_are_used() {
    let store = Store::new(Limits { scope_idle: 100, ..Limits::default() });
    store.set(GLOBAL, "k", 1.into(), None, 0).unwrap();
    store.set("a", "k", 1.into(), None, 0).unwrap();
    for now in [99, 198, 297] {
        assert!(store.get("a", "k", now).is_some());
    }
    assert_eq!(store.sweep(396, 10), 0);
    assert!(store.get("a", "k", 397).is_none());
    store.increment("a", "k", 1, 398).unwrap();
    assert_eq!(store.get("a", "k", 399).unwrap().as_i64(), Some(1));
    assert!(store.get(GLOBAL, "k", u64::MAX - 1).is_some());
}

#[test]
fn bytes_of_the_store() {
    for scope in BOTH {
        let store = Store::new(Limits { bytes: 1_000_000, ..Limits::default() });
        let value = Value::from("x".repeat(1000));
        let mut kept = 0;
        while store.set(scope, &format!("k{kept}"), value.clone(), Some(10), 0).is_ok() {
            kept += 1;
        }
        assert!((800..950).contains(&kept), "{kept} kept");
        assert!(store.usage().bytes <= 1_000_000);
        // Keys elsewhere in the table may still find a place.
        let refused = format!("k{kept}");
        let refusal = store.set(scope, &refused, value.clone(), None, 9).unwrap_err();
        assert_eq!(refusal, Refusal::Full { limit: 1_000_000 });
        assert!(refusal.to_string().contains("1000000"));
        assert!(store.append(scope, "k0", value.clone(), 9).is_err());
        store.set(scope, "k0", "shorter".into(), None, 9).unwrap();
        // The expired ones make room.
        store.set(scope, "more", value, None, 10).unwrap();
        assert_eq!(store.clear(scope, 10), 2);
        assert_eq!(store.usage().bytes, 0);
    }
}

#[test]
fn depth() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let deepest = Value::parse(&nested(127)).unwrap();
    assert!(Value::parse(&nested(128)).is_err());
    let store = Store::new(Limits::default());
    assert_eq!(store.append(GLOBAL, "l", deepest, 0), Err(Refusal::TooDeep { limit: 127 }));
    let mut value = Value::from(1);
    for _ in 0..127 {
        store.delete(GLOBAL, "l", 0);
        store.append(GLOBAL, "l", value, 0).unwrap();
        value = store.get(GLOBAL, "l", 0).unwrap();
        assert_eq!(value.to_tree().to_string(), value.to_json());
    }
    assert_eq!(store.append(GLOBAL, "m", value, 0), Err(Refusal::TooDeep { limit: 127 }));
}

#[test]
fn lists() {
    let store = Store::new(Limits::default());
    for key in 0..10_001 {
        store.set("a", &format!("{key:05}"), 1.into(), None, 0).unwrap();
    }
    assert_eq!(store.list("a", "", usize::MAX, 0).len(), 10_000);
    for scope in 0..1100 {
        store.set(&format!("s{scope}"), "k", 1.into(), None, 0).unwrap();
    }
    store.set(GLOBAL, "k", 1.into(), None, 0).unwrap();
    let told = store.scopes(0);
    assert_eq!((told.len(), &*told[0].name), (1001, GLOBAL));
}

#[test]
fn what_expired_goes_a_few_at_a_time() {
    let store = Store::new(Limits { scope_idle: 100, ..Limits::default() });
    for key in 0..1000 {
        store.set("idle", &format!("{key}"), 1.into(), None, 0).unwrap();
        store.set(GLOBAL, &format!("{key}"), 1.into(), Some(100), 0).unwrap();
    }
    assert_eq!(store.sweep(99, 1000), 0);
    assert_eq!(store.get("idle", "0", 100), None);
    assert_eq!(store.usage().scopes, 0);
    assert_eq!(store.sweep(100, 300), 300);
    assert_eq!(store.usage().keys, 1700);
    assert_eq!(store.sweep(100, 9999), 1700);
    assert_eq!(store.usage().bytes, 0);
}

#[test]
fn those_who_want_too_much_cost_little() {
    let store = Store::new(Limits::default());
    for scope in 0..10_000 {
        store.increment(&format!("session {scope}"), "n", 1, 0).unwrap();
    }
    assert!(store.usage().bytes < 12 << 20);
    let before = store.usage();
    let long = "k".repeat(1 << 20);
    for scope in ["session 1", "new", GLOBAL] {
        assert!(matches!(store.set(scope, &long, 1.into(), None, 0), Err(Refusal::KeyTooLong { .. })));
        assert!(matches!(store.set(&long, "k", 1.into(), None, 0), Err(Refusal::ScopeTooLong { .. })));
    }
    assert_eq!(store.usage(), mocker_state::Usage { refused: 6, ..before });
}

#[test]
fn a_write_clears_away_a_little() {
    let store = Store::new(Limits::default());
    for key in 0..10 {
        store.set("a", &format!("{key}"), 1.into(), Some(10), 0).unwrap();
    }
    // Four at a time: the scope that is due, and three of its keys.
    store.set("a", "k", 1.into(), None, 10).unwrap();
    assert_eq!(store.usage().keys, 8);
    for _ in 0..3 {
        store.set("a", "k", 1.into(), None, 10).unwrap();
    }
    assert_eq!(store.usage().keys, 1);
}
