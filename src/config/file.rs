//! The commented file that `mocker config init` writes: every section, every default.

use super::section::ROOT;
use super::shape::{Field, Shape, Table};

/// Widest line of a comment.
const WIDTH: usize = 100;
/// Where the schema is, for editors that know YAML.
const HEAD: &str = "# mocker.yaml: how mocker serves. `mocker config validate` checks it, `mocker config show` tells what holds.
# Flags go before MOCKER_* variables, these before this file. docs/configuration.md describes every setting.
# Relative paths are relative to this file. Remove the `#` before a line to set it.
";

/// The text of a fresh configuration; all of it is comment.
pub(crate) fn fresh() -> String {
    let mut out = HEAD.to_owned();
    for section in ROOT.fields {
        out.push('\n');
        write_field(&mut out, section, 0);
    }
    out
}

fn write_field(out: &mut String, field: &Field, depth: usize) {
    write_comment(out, field.about, depth);
    match (&field.shape, field.example, field.default) {
        (Shape::Table(table), ..) => write_table(out, field.key, table, depth),
        (_, Some(example), _) => example.lines().for_each(|line| write_line(out, line, depth)),
        (_, None, Some(default)) => write_line(out, &format!("{}: {default}", field.key), depth),
        (_, None, None) => write_line(out, &format!("{}:", field.key), depth),
    }
}

fn write_table(out: &mut String, key: &str, table: &Table, depth: usize) {
    write_line(out, &format!("{key}:"), depth);
    table.fields.iter().for_each(|field| write_field(out, field, depth + 1));
}

/// A line that is set when its `#` is taken away.
fn write_line(out: &mut String, line: &str, depth: usize) {
    out.push_str(&format!("#{}{line}\n", "  ".repeat(depth)));
}

/// A comment that stays one: two `#`.
fn write_comment(out: &mut String, text: &str, depth: usize) {
    let indent = "  ".repeat(depth);
    let mut line = String::new();
    for word in text.split_whitespace() {
        if line.chars().count() + word.chars().count() + indent.len() + 4 > WIDTH {
            out.push_str(&format!("#{indent}# {}\n", line.trim_end()));
            line.clear();
        }
        line.push_str(word);
        line.push(' ');
    }
    out.push_str(&format!("#{indent}# {}\n", line.trim_end()));
}
