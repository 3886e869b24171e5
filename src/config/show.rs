//! Effective values for people and machines, secrets masked.

use serde_json::{Map, Value, json};

use super::load::Loaded;
use super::scalar::Scalar;
use super::shape::Shape;
use super::values::{Effective, Held, Origin};
use crate::veil::{self, MASK};

/// Parts of keys whose values are secrets.
const SECRETS: [&str; 8] =
    ["secret", "pass", "pwd", "token", "credential", "private", "authorization", "keys"];
/// What keys end in whose values are secrets, but for those that everybody may know.
const SECRET_END: &str = "key";
const PUBLIC_ENDS: [&str; 2] = ["public_key", "publickey"];

/// Parts of keys below which every value is a secret, and its key is not: passwords by the names of users.
const SECRETS_BELOW: [&str; 2] = ["users", "jwks"];

/// One line of `mocker config show`.
pub(crate) struct Row {
    pub(crate) path: String,
    pub(crate) value: Value,
    /// `mocker.yaml:3:9`, `--port`, `MOCKER_SERVER_PORT`, `default`
    pub(crate) origin: String,
}

/// Every setting with its value and where that comes from.
pub(crate) fn rows(loaded: &Loaded) -> Vec<Row> {
    let row = |effective: &Effective| Row {
        path: effective.setting.path.clone(),
        value: value(loaded, effective),
        origin: origin(loaded, &effective.origin),
    };
    loaded.values.effective.iter().map(row).collect()
}

fn value(loaded: &Loaded, effective: &Effective) -> Value {
    match &effective.value {
        None => Value::Null,
        Some(Held::Plain(scalar)) => match scalar {
            Scalar::Bool(value) => json!(value),
            Scalar::Whole(value) => json!(value),
            Scalar::Number(value) => json!(value),
            Scalar::Texts(texts) => texts.iter().map(|text| veil::urls(text)).collect(),
            Scalar::Text(_) if is_secret(&effective.setting.path) && !is_file(effective) => json!(MASK),
            Scalar::Text(text) => json!(veil::urls(text)),
            Scalar::Time(_) | Scalar::Size(_) => json!(scalar.to_string()),
        },
        Some(Held::Structured(_)) if effective.setting.path == PLUGINS => plugins(loaded, effective),
        Some(Held::Structured(id)) => masked(loaded.values.inputs.node(*id).to_json()),
    }
}

const PLUGINS: &str = "plugins";

/// As the user wrote them, with what variables add to their configuration.
fn plugins(loaded: &Loaded, effective: &Effective) -> Value {
    let Some(Held::Structured(id)) = effective.value else { return Value::Null };
    let mut written = loaded.values.inputs.node(id).to_json();
    let configured = loaded.configuration.iter().flat_map(|configuration| &configuration.plugins);
    for (plugin, typed) in written.as_array_mut().into_iter().flatten().zip(configured) {
        let is_given =
            plugin.get("config").is_some() || typed.config.as_object().is_none_or(|all| !all.is_empty());
        if let (Some(members), true) = (plugin.as_object_mut(), is_given) {
            let mut config = typed.config.clone();
            typed.secrets.iter().for_each(|key| config[key] = json!(MASK));
            members.insert("config".to_owned(), config);
        }
    }
    masked(written)
}

/// Whether the value of a setting is where a file is.
fn is_file(effective: &Effective) -> bool {
    matches!(effective.setting.field.shape, Shape::File)
}

fn is_secret(key: &str) -> bool {
    let key = key.to_lowercase().replace('-', "_");
    let is_public = PUBLIC_ENDS.iter().any(|end| key.ends_with(end));
    SECRETS.iter().any(|part| key.contains(part)) || key.ends_with(SECRET_END) && !is_public
}

/// A text is the file that holds them, unless it is what such a file would say.
fn holds_secrets(key: &str, value: &Value) -> bool {
    let key = key.to_lowercase();
    let is_file = value.as_str().is_some_and(|text| !text.trim_start().starts_with(['{', '[']));
    SECRETS_BELOW.iter().any(|part| key.contains(part)) && !is_file
}

/// With the names, and without one value.
fn veiled(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(veiled).collect(),
        Value::Object(members) => {
            Value::Object(members.into_iter().map(|(key, value)| (key, veiled(value))).collect())
        }
        _ => json!(MASK),
    }
}

fn masked(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(masked).collect(),
        Value::Object(members) => {
            let shown =
                members.into_iter().map(|(key, value)| match is_secret(&key) && !value.is_boolean() {
                    true => (key, json!(MASK)),
                    false if holds_secrets(&key, &value) => (key, veiled(value)),
                    false => (key, masked(value)),
                });
            Value::Object(shown.collect::<Map<_, _>>())
        }
        Value::String(text) => json!(veil::urls(&text)),
        plain => plain,
    }
}

fn origin(loaded: &Loaded, origin: &Origin) -> String {
    match origin {
        Origin::Flag(flag) => (*flag).to_owned(),
        Origin::Variable(name) => name.clone(),
        Origin::File(position) => loaded
            .place(*position)
            .map(|(file, line, column)| format!("{file}:{line}:{column}"))
            .unwrap_or_default(),
        Origin::Default => "default".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use mocker_scripting::plugin::builtin::Kind;

    use super::*;

    #[test]
    fn secrets_are_masked_wherever_they_stand() {
        let written = json!({
            "secret": "a", "client-secret": ["b"], "rate": 10, "apiKey": "c", "check_token": true,
            "users": [{ "name": "x", "Password": "d" }], "keys": { "k": "e" },
            "key": "f", "signingKey": "g", "access-key": "h", "passphrase": "i", "pass": "j", "pwd": "k",
            "Authorization": "Bearer l", "public_key": "shown", "publicKey": "shown",
            "sources": ["https://u:m@host/a?t=n"], "key_id": "shown",
        });
        let shown = masked(written);
        let expected = json!({
            "secret": MASK, "client-secret": MASK, "rate": 10, "apiKey": MASK, "check_token": true,
            "users": [{ "name": MASK, "Password": MASK }], "keys": MASK,
            "key": MASK, "signingKey": MASK, "access-key": MASK, "passphrase": MASK, "pass": MASK, "pwd": MASK,
            "Authorization": MASK, "public_key": "shown", "publicKey": "shown",
            "sources": ["https://********@host/a?t=********"], "key_id": "shown",
        });
        assert_eq!(shown, expected);
    }

    #[test]
    fn secrets_of_built_in_plugins_are_masked() {
        for kind in Kind::ALL {
            let (config, is_shown) = match kind {
                Kind::Jwt => {
                    (json!({ "secret": "s3cret", "jwks": { "keys": [{ "kty": "oct", "k": "s3cret" }] } }), "")
                }
                Kind::ApiKey => {
                    (json!({ "keys": ["s3cret", { "key": "s3cret", "name": "ann" }], "header": "X" }), "X")
                }
                Kind::Basic => (json!({ "users": { "ann": "s3cret" }, "realm": "pets" }), "ann"),
                Kind::RateLimit => (json!({ "limit": "10/s" }), "10/s"),
                Kind::Cors => (json!({ "origins": ["https://a.test"] }), "https://a.test"),
                Kind::Logging => (json!({ "redact": ["session"] }), "session"),
            };
            let shown = masked(json!([{ "name": kind.name(), "config": config }])).to_string();
            assert!(!shown.contains("s3cret") && shown.contains(is_shown), "{shown}");
        }
        for (jwks, expected) in [("keys/jwks.json", "keys/jwks.json"), (r#" {"keys":[{"k":"s"}]}"#, MASK)] {
            assert_eq!(masked(json!({ "jwks": jwks })), json!({ "jwks": expected }));
        }
    }
}
