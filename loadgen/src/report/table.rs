//! Columns for a terminal: the first to the left, the others to the right.

use std::io::{self, Write};

/// Rows of equal length; the first is the head.
pub(super) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new(head: &[&str]) -> Table {
        Table { rows: vec![head.iter().map(|cell| (*cell).to_owned()).collect()] }
    }

    pub(super) fn push(&mut self, row: Vec<String>) {
        self.rows.push(row);
    }

    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let columns = self.rows.first().map_or(0, Vec::len);
        let width = |column: usize| self.rows.iter().map(|row| width(&row[column])).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in &self.rows {
            let mut line = pad_right(&row[0], widths[0]);
            for (cell, &column) in row.iter().zip(&widths).skip(1) {
                line.push_str("  ");
                line.push_str(&pad_left(cell, column));
            }
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// Columns of the terminal, taking each character for one.
pub(super) fn width(text: &str) -> usize {
    text.chars().count()
}

pub(super) fn pad_right(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

pub(super) fn pad_left(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))))
}

/// A text out of a document, safe to show: no control characters, none that turn the direction of writing, and at
/// most so many.
pub(super) fn shown(text: &str, most: usize) -> String {
    let is_unsafe = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let clean = |c: char| if is_unsafe(c) { '\u{fffd}' } else { c };
    if width(text) <= most {
        return text.chars().map(clean).collect();
    }
    let start = text.chars().take(most.saturating_sub(1)).map(clean);
    start.chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_documents_are_shown_safely() {
        let cases = [
            ("GET /pets", 60, "GET /pets"),
            ("GET /\u{1b}[31mred", 60, "GET /\u{fffd}[31mred"),
            ("a\r\nb\tc", 60, "a\u{fffd}\u{fffd}b\u{fffd}c"),
            ("\u{202e}evil", 60, "\u{fffd}evil"),
            ("GET /päth", 9, "GET /päth"),
            ("GET /päths", 9, "GET /pät…"),
        ];
        for (text, most, expected) in cases {
            assert_eq!(shown(text, most), expected);
        }
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let mut table = Table::new(&["name", "n"]);
        table.push(vec!["ä".to_owned(), "1,000".to_owned()]);
        let mut out = Vec::new();
        table.write(&mut out).expect("memory");
        assert_eq!(String::from_utf8_lossy(&out), "name      n\nä     1,000\n");
    }
}
