//! `application/x-www-form-urlencoded` (URL Standard, section 5.2).

use serde_json::Value;

/// Members as pairs: arrays repeat their name, objects are JSON text.
pub(super) fn write(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    let Value::Object(members) = value else {
        pair("value", value, &mut out);
        return out;
    };
    for (name, member) in members {
        match member {
            Value::Array(items) => items.iter().for_each(|item| pair(name, item, &mut out)),
            single => pair(name, single, &mut out),
        }
    }
    out
}

fn pair(name: &str, value: &Value, out: &mut Vec<u8>) {
    if !out.is_empty() {
        out.push(b'&');
    }
    encode(name.as_bytes(), out);
    out.push(b'=');
    encode(&super::text(value), out);
}

fn encode(text: &[u8], out: &mut Vec<u8>) {
    for &byte in text {
        match byte {
            b' ' => out.push(b'+'),
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'*' | b'-' | b'.' | b'_' => out.push(byte),
            _ => out.extend_from_slice(format!("%{byte:02X}").as_bytes()),
        }
    }
}
