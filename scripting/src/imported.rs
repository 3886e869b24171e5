//! What a script imports, by its text alone: a host reads no more files than it must.

/// What a script imports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Imported {
    /// These paths, as written
    Paths(Vec<String>),
    /// A path is only known when the script runs: it may be any
    Any,
}

/// What a script imports, as far as its text says.
pub fn imported(text: &str) -> Imported {
    let mut reader = Reader { text, at: 0 };
    let mut paths = Vec::new();
    while let Some(byte) = reader.peek() {
        match byte {
            b'"' | b'`' | b'\'' => drop(reader.literal()),
            b'#' => reader.raw(),
            b'/' => reader.comment(),
            _ if is_word(byte) => {
                if reader.word() == "import" {
                    match reader.path() {
                        Some(path) => paths.push(path),
                        None => return Imported::Any,
                    }
                }
            }
            _ => reader.at += 1,
        }
    }
    Imported::Paths(paths)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Goes through the tokens of Rhai that may hold the word, or look as if they did.
struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t [u8] {
        &self.text.as_bytes()[self.at..]
    }

    fn peek(&self) -> Option<u8> {
        self.rest().first().copied()
    }

    fn word(&mut self) -> &'t str {
        let length = self.rest().iter().take_while(|byte| is_word(**byte)).count();
        let word = &self.text[self.at..self.at + length];
        self.at += length;
        word
    }

    /// What stands between quotes of one kind, as written.
    fn literal(&mut self) -> &'t str {
        let quote = self.peek();
        self.at += 1;
        let start = self.at;
        while let Some(byte) = self.peek() {
            if Some(byte) == quote {
                break;
            }
            self.at += if byte == b'\\' && quote != Some(b'`') { 2 } else { 1 };
            self.at = self.at.min(self.text.len());
        }
        let end = self.at;
        self.at = (end + 1).min(self.text.len());
        // An escape may have led into the middle of a character, where the text ends early.
        self.text.get(start..end).unwrap_or_default()
    }

    /// `#"..."#`, with any number of `#`; a map's `#` alone.
    fn raw(&mut self) {
        let signs = self.rest().iter().take_while(|byte| **byte == b'#').count();
        self.at += signs;
        if self.peek() == Some(b'"') {
            let end = format!("\"{}", "#".repeat(signs));
            let rest = &self.rest()[1..];
            let found = rest.windows(end.len()).position(|window| window == end.as_bytes());
            self.at += 1 + found.map_or(rest.len(), |at| at + end.len());
        }
    }

    /// A comment, or a sign of division.
    fn comment(&mut self) {
        let rest = self.rest();
        if rest.starts_with(b"//") {
            self.at += rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        } else if rest.starts_with(b"/*") {
            self.block();
        } else {
            self.at += 1;
        }
    }

    /// Comments of Rhai may stand inside each other.
    fn block(&mut self) {
        let mut depth = 0;
        while let Some(byte) = self.peek() {
            let rest = self.rest();
            match (byte, rest.get(1)) {
                (b'/', Some(b'*')) => depth += 1,
                (b'*', Some(b'/')) => depth -= 1,
                _ => {
                    self.at += 1;
                    continue;
                }
            }
            self.at += 2;
            if depth == 0 {
                return;
            }
        }
    }

    fn skip(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                _ if byte.is_ascii_whitespace() => self.at += 1,
                b'/' if self.rest().starts_with(b"//") || self.rest().starts_with(b"/*") => {
                    self.comment();
                }
                _ => return,
            }
        }
    }

    /// The text behind `import`, where it is one and nothing is done to it.
    fn path(&mut self) -> Option<String> {
        self.skip();
        let quote = self.peek().filter(|byte| matches!(byte, b'"' | b'`'))?;
        let path = self.literal();
        self.skip();
        let is_whole = match self.peek() {
            None | Some(b';' | b'}') => true,
            Some(_) => self.rest().starts_with(b"as"),
        };
        let is_plain = !path.contains(if quote == b'`' { "${" } else { "\\" });
        (is_whole && is_plain).then(|| path.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Imported, imported};

    #[test]
    fn what_is_imported_is_read_off_the_text() {
        let table: [(&str, Option<&[&str]>); 17] = [
            ("", Some(&[])),
            ("fn handle(req, ctx) { 1 }", Some(&[])),
            ("import \"lib/auth\" as auth;", Some(&["lib/auth"])),
            ("import `a` as a; import\n  \"b.rhai\"\nas b", Some(&["a", "b.rhai"])),
            ("import /* why */ \"a\" // because\n as a;", Some(&["a"])),
            ("fn f() { import \"a\" as a; a::g() }", Some(&["a"])),
            ("{ import \"a\" }", Some(&["a"])),
            ("import \"lib/\" + name as lib;", None),
            ("import path as lib;", None),
            ("import `lib/${name}` as lib;", None),
            ("import \"a\\u0062\" as lib;", None),
            ("// import \"a\" as a;\n/* import \"b\" /* c */ import \"c\" */", Some(&[])),
            ("let x = \"import \\\" import\"; let c = '\"'; import \"a\" as a;", Some(&["a"])),
            ("let x = #\"import \" x\"#; import \"a\" as a; #{ b: 1 }", Some(&["a"])),
            ("let imported = 1; let x_import = 2;", Some(&[])),
            ("let x = `import \"a\"`;", Some(&[])),
            ("let x = 4 / 2; import \"a\" as a;", Some(&["a"])),
        ];
        for (text, expected) in table {
            let expected = expected.map_or(Imported::Any, |paths| {
                Imported::Paths(paths.iter().map(|path| (*path).to_owned()).collect())
            });
            assert_eq!(imported(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(import|[ \"`'#/*\\\\;a\u{e9}\n{}$+])*") {
            imported(&text);
        }
    }
}
