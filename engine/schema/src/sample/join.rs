//! Samples of schemas that all hold, as one.

use serde_json::Value;

/// Objects member by member, the later over the earlier; of anything else the last that is not null.
pub(super) fn join(parts: impl IntoIterator<Item = Value>) -> Option<Value> {
    parts.into_iter().reduce(|under, over| match (under, over) {
        (Value::Object(mut under), Value::Object(over)) => {
            for (name, value) in over {
                let joined = match (under.get_mut(&name).map(Value::take), value) {
                    (Some(known @ Value::Object(_)), value @ Value::Object(_)) => join([known, value]),
                    (_, value) => Some(value),
                };
                under.insert(name, joined.unwrap_or_default());
            }
            Value::Object(under)
        }
        (under, Value::Null) => under,
        (_, over) => over,
    })
}

#[cfg(test)]
mod tests {
    use super::join;
    use serde_json::json;

    #[test]
    fn the_later_lies_over_the_earlier() {
        for (parts, expected) in [
            (
                vec![json!({"a": 1, "b": {"x": 1}}), json!({"b": {"y": 2}, "a": 3})],
                json!({"a": 3, "b": {"x": 1, "y": 2}}),
            ),
            (vec![json!("a"), json!("b"), json!(null)], json!("b")),
            (vec![json!(null), json!({"a": 1})], json!({"a": 1})),
            (vec![json!({"a": 1}), json!([1])], json!([1])),
        ] {
            assert_eq!(
                join(parts.clone()).map(|value| value.to_string()),
                Some(expected.to_string()),
                "{parts:?}"
            );
        }
    }
}
