//! The tables of docs/configuration.md.

use std::time::Duration;

use mocker_loadgen::duration::Written;

use super::describe::{described, listed};
use super::scalar::Scalar;
use super::section::ROOT;
use super::shape::{Bare, Field, Flag, Rule, Shape, Table};

/// Every key, in tables; what stands between the two marks of the page.
pub(crate) fn reference() -> String {
    let mut page = Page::default();
    page.sections();
    page.out
}

#[derive(Default)]
struct Page {
    out: String,
    /// Tables that values of other keys have, in the order in which they are named
    waiting: Vec<&'static Table>,
    written: Vec<&'static str>,
}

impl Page {
    fn sections(&mut self) {
        for section in ROOT.fields {
            self.out.push_str(&format!("## `{}`\n\n{}.\n\n", section.key, section.about));
            match &section.shape {
                Shape::Table(table) => {
                    self.out.push_str("| key | value | default | flag | meaning |\n|---|---|---|---|---|\n");
                    self.settings(table, &format!("{}.", section.key));
                    self.out.push('\n');
                }
                _ => self.value(section),
            }
            while let Some(table) = (!self.waiting.is_empty()).then(|| self.waiting.remove(0)) {
                self.table(table);
            }
        }
    }

    /// Keys that have variables, those of inner tables with their way.
    fn settings(&mut self, table: &'static Table, path: &str) {
        for field in table.fields {
            if let Shape::Table(inner) = &field.shape {
                self.settings(inner, &format!("{path}{}.", field.key));
                continue;
            }
            let default = field.default.map(|default| format!("`{default}`")).unwrap_or_default();
            let line = format!(
                "| `{path}{}` | {} | {default} | {} | {} |\n",
                field.key,
                self.named(&field.shape),
                flags(field),
                meaning(field)
            );
            self.out.push_str(&escaped(&line));
        }
    }

    /// A section that is one value.
    fn value(&mut self, field: &'static Field) {
        let flags = flags(field);
        let flags = if flags.is_empty() { String::new() } else { format!(" Flag: {flags}.") };
        let value = self.named(&field.shape);
        self.out.push_str(&format!("Value: {value}.{flags}\n\n"));
        if let Some(example) = field.example {
            self.out.push_str(&format!("```yaml\n{example}\n```\n\n"));
        }
    }

    /// Keys of a value that is a mapping.
    fn table(&mut self, table: &'static Table) {
        self.out.push_str(&format!(
            "### {}\n\n{}.\n\n| key | value | meaning |\n|---|---|---|\n",
            table.name, table.about
        ));
        for field in table.fields {
            let required = if field.is_required { " (required)" } else { "" };
            let line =
                format!("| `{}`{required} | {} | {} |\n", field.key, self.named(&field.shape), field.about);
            self.out.push_str(&escaped(&line));
        }
        for family in table.families {
            let line = format!(
                "| `{}{}` | {} | {} |\n",
                family.prefix,
                family.rest,
                self.named(&family.shape),
                family.about
            );
            self.out.push_str(&escaped(&line));
        }
        self.out.push('\n');
        for rule in table.rules {
            let told = match rule {
                Rule::OneOf(keys) => format!("One of {} is given", listed(keys, "and")),
                Rule::AtMostOne(keys) => format!("At most one of {} is given", listed(keys, "and")),
                Rule::NotEmpty | Rule::Filled(_) | Rule::OneWord { .. } => continue,
            };
            self.out.push_str(&format!("{told}.\n\n"));
        }
    }

    /// A value in few words; tables are named, and written later.
    fn named(&mut self, shape: &'static Shape) -> String {
        match shape {
            Shape::Table(table) => {
                if !self.written.contains(&table.name) {
                    self.written.push(table.name);
                    self.waiting.push(table);
                }
                format!("[{0}](#{0})", table.name)
            }
            Shape::List(of) if shape.is_plain() => format!("{}, or a list", self.named(of)),
            Shape::List(of) => format!("list: {}", self.named(of)),
            Shape::Map { keys, of } => format!("mapping of {} to: {}", keys.name, self.named(of)),
            Shape::Either(shapes) => {
                let all: Vec<String> = shapes.iter().map(|shape| self.named(shape)).collect();
                all.join("; or ")
            }
            Shape::Parsed(grammar) => grammar.name.to_owned(),
            Shape::Time { least, most, bare } => {
                let [least, most] = [least, most].map(|millis| Written(Duration::from_millis(*millis)));
                let unit = if *bare == Bare::Seconds { ", or seconds" } else { "" };
                format!("time{unit}, {least} to {most}")
            }
            Shape::Size { least, most } if *most >= i64::MAX as u64 => {
                format!("size, from {} on", Scalar::Size(*least))
            }
            Shape::Size { least, most } => {
                format!("size, {} to {}", Scalar::Size(*least), Scalar::Size(*most))
            }
            Shape::Integer { least, most } => format!("{least} to {most}"),
            other => described(other),
        }
    }
}

fn meaning(field: &Field) -> String {
    match field.aliases {
        [] => field.about.to_owned(),
        aliases => format!("{}. Another name: {}", field.about, listed(aliases, "or")),
    }
}

fn flags(field: &Field) -> String {
    let flag = |flag: &Flag| match flag {
        Flag::Stands(_, text, _) => format!("`{}` (`{text}`)", flag.long()),
        Flag::Value(..) | Flag::Switch(_) => format!("`{}`", flag.long()),
    };
    field.flags.iter().map(flag).collect::<Vec<_>>().join(", ")
}

/// A line of a table whose cells have `|` in them.
fn escaped(line: &str) -> String {
    line.replace("auto|none", "auto\\|none")
}

mod tests {
    use std::fs;

    use super::super::blessed::check_or_bless;
    use super::reference;

    const PAGE: &str = "docs/configuration.md";
    const MARK: &str = "<!-- from here on made from src/config/section -->\n";

    #[test]
    fn the_page_is_fresh() {
        let page = fs::read_to_string(PAGE).unwrap_or_default();
        let before = page.split(MARK).next().unwrap_or_default();
        check_or_bless(PAGE, &format!("{before}{MARK}\n{}", reference().trim_end().to_owned() + "\n"));
    }
}
