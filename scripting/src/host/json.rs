//! JSON values: by pointer (RFC 6901), merged (RFC 7396), read and written.

use mocker_source::unescape_token;
use serde_json::Value;

use super::limits;

/// The value that a pointer leads to; `None` where it leads to none.
///
/// # Errors
/// When it is no pointer.
pub fn get<'a>(value: &'a Value, pointer: &str) -> Result<Option<&'a Value>, String> {
    Ok(tokens(pointer)?.iter().try_fold(value, |value, token| match value {
        Value::Object(members) => members.get(token),
        Value::Array(elements) => elements.get(index(token)?),
        _ => None,
    }))
}

/// Sets the value at a pointer. Objects on the way are made where there is nothing; `-` is behind the last element
/// of an array.
///
/// # Errors
/// When it is no pointer, or leads through something that is neither object nor array, or past the end of an array.
pub fn set(root: &mut Value, pointer: &str, value: Value) -> Result<(), String> {
    let mut at = root;
    for token in tokens(pointer)? {
        if at.is_null() {
            *at = Value::Object(serde_json::Map::new());
        }
        at = match at {
            Value::Object(members) => members.entry(token).or_insert(Value::Null),
            Value::Array(elements) => element(elements, &token, pointer)?,
            other => {
                return Err(format!("`{pointer}` leads through {}, which has no `{token}`", kind(other)));
            }
        };
    }
    *at = value;
    Ok(())
}

/// Takes the value at a pointer out; `None` where there is none.
///
/// # Errors
/// When it is no pointer, or that to the whole value.
pub fn remove(root: &mut Value, pointer: &str) -> Result<Option<Value>, String> {
    let tokens = tokens(pointer)?;
    let Some((last, way)) = tokens.split_last() else {
        return Err("the whole value cannot be removed from itself: give a pointer such as `/name`".into());
    };
    let parent = way.iter().try_fold(root, |value, token| match value {
        Value::Object(members) => members.get_mut(token),
        Value::Array(elements) => elements.get_mut(index(token)?),
        _ => None,
    });
    Ok(match parent {
        Some(Value::Object(members)) => members.shift_remove(last),
        Some(Value::Array(elements)) => match index(last) {
            Some(index) if index < elements.len() => Some(elements.remove(index)),
            _ => None,
        },
        _ => None,
    })
}

/// Applies a merge patch (RFC 7396): members of the patch replace, `null` removes.
///
/// # Errors
/// When the patch is nested deeper than [`limits::DEPTH`].
pub fn merge(target: &mut Value, patch: &Value) -> Result<(), String> {
    check_depth(patch)?;
    apply(target, patch);
    Ok(())
}

/// Reads JSON.
///
/// # Errors
/// When it is none, or longer than [`limits::TEXT_BYTES`]; the text has line and column.
pub fn parse(text: &[u8]) -> Result<Value, String> {
    limits::text(text)?;
    serde_json::from_slice(text).map_err(|error| format!("the text is not JSON: {error}"))
}

/// Writes JSON without spaces.
///
/// # Errors
/// When the value is nested deeper than [`limits::DEPTH`].
pub fn stringify(value: &Value) -> Result<String, String> {
    check_depth(value)?;
    Ok(value.to_string())
}

/// Writes JSON with a line for each value, indented by two spaces.
///
/// # Errors
/// When the value is nested deeper than [`limits::DEPTH`].
pub fn pretty(value: &Value) -> Result<String, String> {
    check_depth(value)?;
    Ok(format!("{value:#}"))
}

fn apply(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Value::Object(members) = target else { return };
    for (name, value) in patch {
        match value.is_null() {
            true => drop(members.shift_remove(name)),
            false => apply(members.entry(name.as_str()).or_insert(Value::Null), value),
        }
    }
}

fn tokens(pointer: &str) -> Result<Vec<String>, String> {
    if pointer.is_empty() {
        return Ok(Vec::new());
    }
    let Some(rest) = pointer.strip_prefix('/') else {
        return Err(format!("`{pointer}` is no JSON pointer: it starts with `/`, as `/{pointer}`"));
    };
    let tokens: Vec<String> = rest.split('/').map(|token| unescape_token(token).into_owned()).collect();
    limits::check("a JSON pointer with a number of parts", tokens.len(), limits::POINTER_TOKENS)?;
    Ok(tokens)
}

/// RFC 6901, section 4: digits without a leading zero.
fn index(token: &str) -> Option<usize> {
    let is_index = token == "0" || !token.starts_with('0') && token.bytes().all(|byte| byte.is_ascii_digit());
    is_index.then(|| token.parse().ok())?
}

fn element<'a>(elements: &'a mut Vec<Value>, token: &str, pointer: &str) -> Result<&'a mut Value, String> {
    let length = elements.len();
    let at = if token == "-" { Some(length) } else { index(token) };
    if at == Some(length) {
        elements.push(Value::Null);
    }
    at.and_then(|at| elements.get_mut(at))
        .ok_or_else(|| format!("`{pointer}` leads to the element `{token}` of an array that has {length}"))
}

fn check_depth(value: &Value) -> Result<(), String> {
    fn fits(value: &Value, left: usize) -> bool {
        match value {
            Value::Array(elements) => left > 0 && elements.iter().all(|value| fits(value, left - 1)),
            Value::Object(members) => left > 0 && members.values().all(|value| fits(value, left - 1)),
            _ => true,
        }
    }
    match fits(value, limits::DEPTH) {
        true => Ok(()),
        false => Err(format!("the value is nested deeper than the limit of {}", limits::DEPTH)),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{get, limits, merge, parse, remove, set, stringify};

    #[test]
    fn pointers_lead_to_values() {
        // RFC 6901, section 5
        let value = json!({ "foo": ["bar", "baz"], "": 0, "a/b": 1, "m~n": 8, "é": [[]] });
        for (pointer, expected) in [
            ("/foo/0", Some(json!("bar"))),
            ("/foo/1", Some(json!("baz"))),
            ("/foo/01", None),
            ("/foo/2", None),
            ("/foo/-", None),
            ("/foo/x/y", None),
            ("/", Some(json!(0))),
            ("/a~1b", Some(json!(1))),
            ("/m~0n", Some(json!(8))),
            ("/é/0", Some(json!([]))),
        ] {
            assert_eq!(get(&value, pointer), Ok(expected.as_ref()), "{pointer}");
        }
        assert_eq!(get(&value, ""), Ok(Some(&value)));
        assert!(get(&value, "foo").expect_err("no pointer").contains("`/foo`"));
        let (most, more) = ("/a".repeat(limits::POINTER_TOKENS), "/a".repeat(limits::POINTER_TOKENS + 1));
        assert!(get(&value, &most).is_ok() && get(&value, &more).is_err());
    }

    #[test]
    fn values_are_set_and_removed() {
        let mut value = json!({ "list": [1] });
        for (pointer, to) in
            [("/a/b", json!(1)), ("/list/-", json!(2)), ("/list/0", json!(0)), ("/list/2", json!(3))]
        {
            set(&mut value, pointer, to).expect(pointer);
        }
        assert_eq!(value, json!({ "list": [0, 2, 3], "a": { "b": 1 } }));
        for (pointer, says) in
            [("/list/9", "has 3"), ("/list/x", "has 3"), ("/a/b/c", "a number"), ("a", "`/a`")]
        {
            let error = set(&mut value, pointer, Value::Null).expect_err(pointer);
            assert!(error.contains(says), "{error}");
        }
        assert_eq!(remove(&mut value, "/list/1"), Ok(Some(json!(2))));
        assert_eq!(remove(&mut value, "/a"), Ok(Some(json!({ "b": 1 }))));
        assert_eq!(remove(&mut value, "/none/x"), Ok(None));
        assert_eq!(value, json!({ "list": [0, 3] }));
        assert!(remove(&mut value, "").is_err());
        set(&mut value, "", json!(1)).expect("the whole");
        assert_eq!(value, json!(1));
    }

    #[test]
    fn patches_merge() {
        // RFC 7396, appendix A
        for (target, patch, expected) in [
            (json!({ "a": "b" }), json!({ "a": "c" }), json!({ "a": "c" })),
            (json!({ "a": "b" }), json!({ "b": "c" }), json!({ "a": "b", "b": "c" })),
            (json!({ "a": "b", "b": "c" }), json!({ "a": null }), json!({ "b": "c" })),
            (json!({ "a": ["b"] }), json!({ "a": "c" }), json!({ "a": "c" })),
            (
                json!({ "a": { "b": "c" } }),
                json!({ "a": { "b": "d", "c": null } }),
                json!({ "a": { "b": "d" } }),
            ),
            (json!(["a", "b"]), json!(["c", "d"]), json!(["c", "d"])),
            (json!({ "a": "foo" }), json!(null), json!(null)),
            (json!([1, 2]), json!({ "a": "b", "c": null }), json!({ "a": "b" })),
            (json!({}), json!({ "a": { "bb": { "ccc": null } } }), json!({ "a": { "bb": {} } })),
        ] {
            let mut merged = target.clone();
            merge(&mut merged, &patch).expect("a shallow patch");
            assert_eq!(merged, expected, "{target} with {patch}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth| (0..depth).fold(json!(1), |value, _| json!([value]));
        assert!(stringify(&nested(limits::DEPTH)).is_ok());
        assert!(stringify(&nested(limits::DEPTH + 1)).is_err());
        assert!(merge(&mut Value::Null, &nested(limits::DEPTH + 1)).is_err());
        assert!(parse("[".repeat(100_000).as_bytes()).is_err());
        assert_eq!(parse(b"{\"a\": 1.0}").and_then(|value| stringify(&value)).as_deref(), Ok("{\"a\":1.0}"));
    }
}
