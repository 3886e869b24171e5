//! Comma-separated values (RFC 4180).

use serde_json::Value;

/// Objects become rows under a header line of the first one's names; arrays become rows.
pub(super) fn write(value: &Value) -> Vec<u8> {
    let rows = super::elements(value);
    let mut out = Vec::new();
    let names: Option<Vec<&String>> = rows.first().and_then(Value::as_object).map(|row| row.keys().collect());
    if let Some(names) = &names {
        record(names.iter().map(|name| name.as_bytes().to_vec()), &mut out);
    }
    for row in rows {
        match (row, &names) {
            (Value::Object(members), Some(names)) => {
                record(names.iter().map(|name| members.get(*name).map_or(Vec::new(), cell)), &mut out);
            }
            (Value::Array(cells), _) => record(cells.iter().map(cell), &mut out),
            (single, _) => record(std::iter::once(cell(single)), &mut out),
        }
    }
    out
}

fn cell(value: &Value) -> Vec<u8> {
    super::scalar(value).into_owned().into_bytes()
}

fn record(cells: impl Iterator<Item = Vec<u8>>, out: &mut Vec<u8>) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        if cell.iter().any(|byte| matches!(byte, b',' | b'"' | b'\r' | b'\n')) {
            out.push(b'"');
            for byte in cell {
                if byte == b'"' {
                    out.push(b'"');
                }
                out.push(byte);
            }
            out.push(b'"');
        } else {
            out.extend_from_slice(&cell);
        }
    }
    out.extend_from_slice(b"\r\n");
}
