//! TOML into a tree: the `toml` crate parses, a walk takes the values with their places.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::builder::{Builder, Fault, Place};
use crate::number;
use crate::tree::{KeyId, Tag};
use crate::{Diagnostic, FileId, Severity, Tree};

/// Parses TOML 1.0. Members stand in the order of the file; dates are text.
pub(crate) fn read(file: FileId, text: &str) -> (Tree, Vec<Diagnostic>) {
    let (document, mut errors) = DeTable::parse_recoverable(text);
    errors.sort_by_key(|error| error.span().map_or(0, |span| span.start));
    let mut builder = Builder::new(file, text);
    for error in &errors {
        builder.remark(Severity::Error, syntax_fault(error), None);
    }
    let root = Place { key: KeyId::NONE, key_at: 0, at: 0 };
    match table(&mut builder, document.get_ref(), root) {
        Ok(()) => builder.finish(),
        Err(fault) => builder.fail(fault),
    }
}

fn syntax_fault(error: &toml::de::Error) -> Fault {
    Fault {
        code: "toml-syntax",
        message: format!("this is not TOML: {}", error.message()),
        help: "write `key = value` lines below `[section]` lines; texts stand in quotes",
        at: error.span().map_or(0, |span| span.start as u32),
    }
}

fn table(builder: &mut Builder<'_>, table: &DeTable<'_>, place: Place) -> Result<(), Fault> {
    builder.open(Tag::Object, place)?;
    let mut members: Vec<_> = table.iter().collect();
    members.sort_by_key(|(key, _)| key.span().start);
    for (key, member) in members {
        let key_at = key.span().start as u32;
        let key = builder.intern(key.get_ref());
        // A table under a header of its own spans that header: its key is the better place.
        let at = if member.get_ref().is_table() { key_at } else { member.span().start as u32 };
        value(builder, member, Place { key, key_at, at })?;
    }
    builder.close().map(drop)
}

fn value(builder: &mut Builder<'_>, value: &Spanned<DeValue<'_>>, place: Place) -> Result<(), Fault> {
    let (tag, text) = match value.get_ref() {
        DeValue::Table(members) => return table(builder, members, place),
        DeValue::Array(items) => return array(builder, items.iter(), place),
        DeValue::String(text) => (Tag::String, text.to_string()),
        DeValue::Boolean(true) => (Tag::True, "true".to_owned()),
        DeValue::Boolean(false) => (Tag::False, "false".to_owned()),
        DeValue::Datetime(time) => (Tag::String, time.to_string()),
        DeValue::Integer(integer) => (Tag::Number, decimal(integer.as_str(), integer.radix())),
        DeValue::Float(float) => (Tag::Number, float.as_str().trim_start_matches('+').to_owned()),
    };
    if tag == Tag::Number && number::parse(&text).is_none() {
        return out_of_range(builder, &text, place);
    }
    builder.scalar(tag, &text, place).map(drop)
}

fn array<'v, 'i: 'v>(
    builder: &mut Builder<'_>,
    items: impl Iterator<Item = &'v Spanned<DeValue<'i>>>,
    place: Place,
) -> Result<(), Fault> {
    builder.open(Tag::Array, place)?;
    for item in items {
        let at = item.span().start as u32;
        value(builder, item, Place { key: KeyId::NONE, key_at: at, at })?;
    }
    builder.close().map(drop)
}

/// An integer as JSON writes it: TOML has `0xff`, `0o7` and `0b1` too.
fn decimal(text: &str, radix: u32) -> String {
    let is_decimal = radix == 10;
    match i128::from_str_radix(text, radix) {
        Ok(value) if !is_decimal => value.to_string(),
        _ => text.trim_start_matches('+').to_owned(),
    }
}

fn out_of_range(builder: &mut Builder<'_>, text: &str, place: Place) -> Result<(), Fault> {
    let built = builder.scalar(Tag::Null, text, place)?;
    let message = format!("the number `{text}` is beyond what a 64-bit float can hold, and is read as null");
    let fault = Fault { code: "number-range", message, help: "", at: place.at };
    builder.remark(Severity::Warning, fault, Some(built.index));
    Ok(())
}
