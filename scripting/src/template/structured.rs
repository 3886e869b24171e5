//! A JSON value with templates among its texts becomes one template that prints JSON.

use serde_json::Value;

use super::assemble::{Assembled, Origin, Used};
use super::lex::{PieceKind, pieces};
use super::{is_template, limits};

/// The filter that has an expression printed as a value of its own.
pub(super) const TYPED: &str = "_typed";

/// A text of the value, and where it stands in the file.
pub(super) type Place<'a> = dyn Fn(&str) -> Option<(usize, usize)> + 'a;

/// One template for a whole value. A text that is nothing but one expression becomes its value; any other text with
/// tags is a text with what they print in it.
///
/// # Errors
/// When it is nested deeper than [`limits::NESTING`].
pub(super) fn assemble(value: &Value, place: &Place<'_>, used: &mut Used) -> Result<Assembled, String> {
    let mut writer = Writer { assembled: Assembled::default(), pointer: String::new(), place, used };
    writer.value(value, 0)?;
    Ok(writer.assembled)
}

struct Writer<'a> {
    assembled: Assembled,
    pointer: String,
    place: &'a Place<'a>,
    used: &'a mut Used,
}

impl Writer<'_> {
    fn value(&mut self, value: &Value, depth: usize) -> Result<(), String> {
        if depth > limits::NESTING {
            return Err(format!("the value is nested deeper than the limit of {}", limits::NESTING));
        }
        match value {
            Value::String(text) if is_template(text) => self.template(text),
            Value::String(text) => self.quoted(text),
            Value::Array(elements) => {
                self.assembled.push("[");
                for (index, element) in elements.iter().enumerate() {
                    self.separate(index);
                    self.inside(&index.to_string(), |writer| writer.value(element, depth + 1))?;
                }
                self.assembled.push("]");
            }
            Value::Object(members) => {
                self.assembled.push("{");
                for (index, (name, member)) in members.iter().enumerate() {
                    self.separate(index);
                    self.inside(name, |writer| {
                        match is_template(name) {
                            true => writer.mixed(name),
                            false => writer.quoted(name),
                        }
                        writer.assembled.push(":");
                        writer.value(member, depth + 1)
                    })?;
                }
                self.assembled.push("}");
            }
            other => self.assembled.push(&other.to_string()),
        }
        Ok(())
    }

    fn separate(&mut self, index: usize) {
        if index > 0 {
            self.assembled.push(",");
        }
    }

    fn inside<T>(&mut self, token: &str, act: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(&mocker_source::escape_token(token));
        let done = act(self);
        self.pointer.truncate(length);
        done
    }

    fn template(&mut self, text: &str) {
        let trimmed = text.trim();
        let pieces = pieces(trimmed);
        match &pieces[..] {
            [one] if one.kind == PieceKind::Expression && trimmed.ends_with("}}") => {
                let mut origin = self.origin(trimmed);
                let before = &text[..text.len() - text.trim_start().len()];
                origin.line += before.matches('\n').count();
                origin.column += before.rsplit('\n').next().unwrap_or_default().chars().count();
                self.assembled.value(origin, one, TYPED, self.used);
            }
            _ => self.mixed(text),
        }
    }

    fn mixed(&mut self, text: &str) {
        let origin = self.origin(text);
        self.assembled.push("\"");
        self.assembled.mixed(origin, Some(escaped), self.used);
        self.assembled.push("\"");
    }

    fn quoted(&mut self, text: &str) {
        self.assembled.push("\"");
        self.assembled.push(&escaped(text));
        self.assembled.push("\"");
    }

    fn origin(&self, text: &str) -> Origin {
        let (line, column) = (self.place)(&self.pointer).unwrap_or((0, 0));
        Origin { text: text.into(), line, column }
    }
}

/// For the inside of a JSON string, such that nothing in it starts a tag.
fn escaped(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    let inside = &quoted[1..quoted.len() - 1];
    match inside.contains('{') {
        // What is between tags may hold the first half of one; the escape means the same in JSON.
        true => inside.replace('{', "\\u007b"),
        false => inside.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Used, assemble, limits};

    #[test]
    fn values_become_templates() {
        for (value, expected) in [
            (json!({ "a": [1, null, true], "b": {} }), r#"{"a":[1,null,true],"b":{}}"#),
            (json!("{{ x }}"), "{{( x )|_typed}}"),
            (json!(" {{- x -}}\n"), "{{( x )|_typed}}"),
            (json!("a \"{{ x }}\"\n"), r#""a \"{{ x }}\"\n""#),
            (json!("{{ x }}{{ y }}"), r#""{{ x }}{{ y }}""#),
            (json!("a {{- x -}} b"), r#""a{{- x -}}b""#),
            (json!({ "{{ k }}": "{# no #} {" }), r##"{"{{ k }}":"\u007b# no #} \u007b"}"##),
            (json!("{% if a ~ b %}\"{% endif %}"), r#""{% if _cat(a , b) %}\"{% endif %}""#),
        ] {
            let mut used = Used::default();
            let assembled = assemble(&value, &|_| None, &mut used).expect("a shallow value");
            assert_eq!(assembled.source, expected, "{value}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth| (0..depth).fold(json!(1), |value, _| json!([value]));
        let depth_of = |value: &Value| assemble(value, &|_| None, &mut Used::default()).is_ok();
        assert!(depth_of(&nested(limits::NESTING)) && !depth_of(&nested(limits::NESTING + 1)));
    }
}
