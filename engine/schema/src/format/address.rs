//! Host names and URI templates.

/// RFC 1123, section 2.1: labels of letters, digits and inner hyphens, 63 characters each,
/// 253 in all.
pub(super) fn is_hostname(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(|label| is_label(label, |c| c.is_ascii_alphanumeric()))
}

/// RFC 5890, roughly: labels of letters, marks and digits of any script; the four dots of IDNA.
/// Contextual rules and bidirectional text are not looked at.
pub(super) fn is_idn_hostname(text: &str) -> bool {
    let wide = |c: char| c.is_alphanumeric() || (!c.is_ascii() && !c.is_control() && !c.is_whitespace());
    text.chars().count() <= 253
        && text.split(['.', '\u{3002}', '\u{ff0e}', '\u{ff61}']).all(|label| is_label(label, wide))
}

fn is_label(label: &str, letter: impl Fn(char) -> bool) -> bool {
    !label.is_empty()
        && label.len() <= 63
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(|c| c == '-' || letter(c))
}

/// RFC 6570, section 2.
pub(super) fn is_uri_template(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let Some(inside) = rest[at..].strip_prefix('{') else { return false };
        let Some(end) = inside.find('}') else { return false };
        if !is_literal(&rest[..at]) || !is_expression(&inside[..end]) {
            return false;
        }
        rest = &inside[end + 1..];
    }
    is_literal(rest)
}

fn is_literal(text: &str) -> bool {
    let allowed = text
        .chars()
        .all(|c| !c.is_control() && !matches!(c, ' ' | '"' | '\'' | '<' | '>' | '\\' | '^' | '`' | '|'));
    allowed && percent_triplets(text)
}

fn is_expression(text: &str) -> bool {
    let text =
        text.strip_prefix(['+', '#', '.', '/', ';', '?', '&', '=', ',', '!', '@', '|']).unwrap_or(text);
    text.split(',').all(|variable| {
        let name = match variable.split_once(':') {
            Some((name, length)) => {
                let starts_well = length.starts_with(|c: char| ('1'..='9').contains(&c));
                if !starts_well || length.len() > 4 || !length.bytes().all(|b| b.is_ascii_digit()) {
                    return false;
                }
                name
            }
            None => variable.strip_suffix('*').unwrap_or(variable),
        };
        percent_triplets(name)
            && name.split('.').all(|part| {
                !part.is_empty()
                    && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'%'))
            })
    })
}

fn percent_triplets(text: &str) -> bool {
    text.split('%').skip(1).all(|after| {
        let b = after.as_bytes();
        b.len() >= 2 && b[0].is_ascii_hexdigit() && b[1].is_ascii_hexdigit()
    })
}
