//! Each operation, and the edges of each limit.

#![allow(clippy::unwrap_used)]

use mocker_state::{GLOBAL, Limits, Store, Value};

#[test]
fn what_is_set_is_read() {
    let store = Store::new(Limits::default());
    for scope in [GLOBAL, "a"] {
        store.set(scope, "k", Value::parse(r#"{ "a": [1, 2.5, "x"] }"#).unwrap(), None, 0).unwrap();
        assert_eq!(store.get(scope, "k", 0).unwrap().to_json(), r#"{"a":[1,2.5,"x"]}"#);
        assert_eq!(store.increment(scope, "n", 2, 0).unwrap().as_i64(), Some(2));
        assert_eq!(store.increment(scope, "n", 2, 0).unwrap().as_i64(), Some(4));
        assert_eq!(store.append(scope, "l", 1.into(), 0), Ok(1));
        assert_eq!(store.append(scope, "l", "two".into(), 0), Ok(2));
        assert_eq!(store.get(scope, "l", 0).unwrap().to_json(), r#"[1,"two"]"#);
        let keys: Vec<_> = store.list(scope, "", 10, 0).into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["k", "l", "n"].map(Box::from));
        assert_eq!(store.clear(scope, 0), 3);
    }
    assert_eq!(store.usage().bytes, 0);
}
