//! Operators that make texts and lists become calls of functions that keep to the budget of memory: the interpreter
//! has none, and ten lines that double a text would take it all. `a + b` becomes `_add(a, b)`, `a ~ b` becomes
//! `_cat(a, b)` and `a * b` becomes `_mul(a, b)`; what else a tag says stays as it is.

use std::ops::Range;

use super::lex::{Token, TokenKind, tokens};
use super::limits;

/// Functions that stand for operators.
pub(super) const ADD: &str = "_add";
pub(super) const CONCATENATE: &str = "_cat";
pub(super) const MULTIPLY: &str = "_mul";

/// Takes what a statement gave to a variable and refuses what is nested too deeply: to let go of it would take the
/// thread's stack.
pub(super) const BOUND: &str = "_bound";
/// Takes how many bytes of text follow, where they may be kept instead of printed.
pub(super) const WROTE: &str = "_wrote";

/// Text that takes the place of a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) range: Range<usize>,
    pub(super) text: String,
}

/// What a tag uses, by the place of the name.
#[derive(Debug, Default)]
pub(super) struct Uses {
    pub(super) filters: Vec<Range<usize>>,
    pub(super) tests: Vec<Range<usize>>,
    /// Variables, but for those that may be undefined because `default` or `defined` follows
    pub(super) variables: Vec<Range<usize>>,
    /// The first word, where it is one of [`REFUSED`]
    pub(super) statement: Option<Range<usize>>,
}

/// Statements that name other templates.
const REFUSED: &[&str] = &["include", "import", "from", "extends", "block"];

/// What to change in a tag and what it uses.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) edits: Vec<Edit>,
    pub(super) uses: Uses,
    /// Variables that the statement sets
    pub(super) set: Vec<String>,
    /// Parentheses are nested deeper than [`limits::NESTING`], or there are more operators in a row than
    /// [`limits::OPERATORS`]; nothing else is to be believed
    pub(super) is_too_deep: bool,
}

/// The variables that `set a, b.c = ...` sets; none where it is no such statement.
fn targets(source: &str, tokens: &[Token]) -> Vec<String> {
    let text = |token: &Token| &source[token.range.clone()];
    let equals = tokens.iter().position(|token| text(token) == "=");
    match (tokens.first().map(text), equals) {
        (Some("set"), Some(equals)) => {
            let targets: String =
                tokens[1..equals].iter().map(text).filter(|sign| !matches!(*sign, "(" | ")")).collect();
            targets.split(',').filter(|target| !target.is_empty()).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

/// Reads what stands between the delimiters of a tag.
pub(super) fn read(source: &str, inner: Range<usize>) -> Read {
    let tokens = tokens(source, inner);
    let mut reader = Reader {
        source,
        tokens: &tokens,
        at: 0,
        depth: 0,
        chain: 0,
        read: Read::default(),
        calls: Vec::new(),
    };
    while reader.at < tokens.len() {
        reader.sequence();
        // A closing sign without its opening one: the compiler will say so.
        reader.at += 1;
    }
    let set = targets(source, &tokens);
    let mut read = reader.finish();
    read.uses.statement = tokens
        .first()
        .map(|token| token.range.clone())
        .filter(|range| REFUSED.contains(&&source[range.clone()]));
    Read { set, ..read }
}

struct Reader<'a> {
    source: &'a str,
    tokens: &'a [Token],
    at: usize,
    depth: usize,
    /// Operators on the way from the start of the tag to here: so deep may the compiler have to go
    chain: usize,
    read: Read,
    calls: Vec<Call>,
}

/// An operator that becomes a call.
struct Call {
    function: &'static str,
    whole: Range<usize>,
    operator: Range<usize>,
}

/// Names that end an operand.
const WORDS: &[&str] = &["and", "or", "not", "in", "if", "else", "is", "recursive"];

/// Operators by level, the loosest first; all group to the left.
const LEVELS: &[&[(&str, Option<&str>)]] = &[
    &[("+", Some(ADD)), ("-", None)],
    &[("~", Some(CONCATENATE))],
    &[("*", Some(MULTIPLY)), ("/", None), ("//", None), ("%", None)],
    &[("**", None)],
];

impl Reader<'_> {
    /// Operands with anything between them, up to a closing sign.
    fn sequence(&mut self) {
        let start = self.chain;
        while let Some(token) = self.tokens.get(self.at) {
            match self.text(token) {
                ")" | "]" | "}" => return,
                "," | ":" => {
                    self.chain = start;
                    self.at += 1;
                }
                _ if self.starts_operand() => drop(self.level(0)),
                _ => {
                    self.at += 1;
                    self.deeper();
                }
            }
        }
    }

    /// An operand of a level; its range.
    fn level(&mut self, level: usize) -> Range<usize> {
        let Some(operators) = LEVELS.get(level) else { return self.unary() };
        let mut whole = self.level(level + 1);
        while let Some(token) = self.tokens.get(self.at) {
            let text = self.text(token);
            let Some((_, function)) = operators.iter().find(|(sign, _)| *sign == text) else { break };
            let operator = token.range.clone();
            self.at += 1;
            self.deeper();
            if !self.starts_operand() {
                break;
            }
            let right = self.level(level + 1);
            whole.end = right.end;
            if let Some(function) = function {
                self.calls.push(Call { function, whole: whole.clone(), operator });
            }
        }
        whole
    }

    fn unary(&mut self) -> Range<usize> {
        let start = self.tokens[self.at].range.start;
        while self.sign("-") {
            self.deeper();
        }
        if self.tokens.get(self.at).is_none() {
            return start..self.end();
        }
        let primary = self.at;
        self.primary();
        self.postfix();
        self.filters(Some(primary));
        start..self.end()
    }

    fn primary(&mut self) {
        let Some(token) = self.tokens.get(self.at) else { return };
        match self.text(token) {
            "(" | "[" | "{" => self.group(),
            _ => self.at += 1,
        }
    }

    /// What stands between parentheses, brackets or braces, with them.
    fn group(&mut self) {
        self.at += 1;
        self.depth += 1;
        let chain = self.chain;
        match self.depth > limits::NESTING {
            true => {
                self.read.is_too_deep = true;
                self.at = self.tokens.len();
            }
            false => self.sequence(),
        }
        self.depth -= 1;
        self.chain = chain;
        self.deeper();
        self.at = (self.at + 1).min(self.tokens.len());
    }

    /// `.name`, `[...]` and `(...)`.
    fn postfix(&mut self) {
        while let Some(token) = self.tokens.get(self.at) {
            match self.text(token) {
                "." => {
                    self.at = (self.at + 2).min(self.tokens.len());
                    self.deeper();
                }
                "[" | "(" => self.group(),
                _ => break,
            }
        }
    }

    /// `| name(...)` and `is name ...`.
    fn filters(&mut self, of: Option<usize>) {
        let mut is_excused = false;
        let mut is_first = true;
        while let Some(token) = self.tokens.get(self.at) {
            let is_test = match self.text(token) {
                "|" => false,
                "is" => true,
                _ => break,
            };
            self.at += 1;
            self.deeper();
            if is_test && self.tokens.get(self.at).is_some_and(|token| self.text(token) == "not") {
                self.at += 1;
            }
            let Some(name) = self.dotted_name() else { break };
            let text = &self.source[name.clone()];
            is_excused |= is_first && matches!(text, "default" | "d" | "defined" | "undefined");
            is_first = false;
            match is_test {
                true => self.read.uses.tests.push(name),
                false => self.read.uses.filters.push(name),
            }
            if self.tokens.get(self.at).is_some_and(|token| self.text(token) == "(") {
                self.group();
            } else if is_test && self.starts_operand() {
                while self.sign("-") {}
                self.primary();
                self.postfix();
            }
        }
        let variable = of.map(|at| &self.tokens[at]).filter(|token| token.kind == TokenKind::Name);
        if let Some(variable) = variable.filter(|_| !is_excused) {
            self.read.uses.variables.push(variable.range.clone());
        }
    }

    /// One operator more; nothing more is read when there are too many.
    fn deeper(&mut self) {
        self.chain += 1;
        if self.chain > limits::OPERATORS {
            self.read.is_too_deep = true;
            self.at = self.tokens.len();
        }
    }

    fn dotted_name(&mut self) -> Option<Range<usize>> {
        let first = self.tokens.get(self.at).filter(|token| token.kind == TokenKind::Name)?;
        let mut name = first.range.clone();
        self.at += 1;
        while self.sign(".") {
            name.end = self.tokens.get(self.at)?.range.end;
            self.at += 1;
        }
        Some(name)
    }

    fn starts_operand(&self) -> bool {
        self.tokens.get(self.at).is_some_and(|token| match token.kind {
            TokenKind::Name => !WORDS.contains(&self.text(token)),
            TokenKind::Number | TokenKind::String => true,
            TokenKind::Sign => matches!(self.text(token), "(" | "[" | "{" | "-"),
        })
    }

    fn sign(&mut self, sign: &str) -> bool {
        let is_it = self.tokens.get(self.at).is_some_and(|token| self.text(token) == sign);
        self.at += usize::from(is_it);
        is_it
    }

    fn text(&self, token: &Token) -> &str {
        &self.source[token.range.clone()]
    }

    /// Behind the last token that was read.
    fn end(&self) -> usize {
        self.tokens[self.at.clamp(1, self.tokens.len()) - 1].range.end
    }

    fn finish(mut self) -> Read {
        // Of calls that start at one place the outer ones were read last and come first.
        let calls = std::mem::take(&mut self.calls);
        let mut edits: Vec<Edit> = Vec::new();
        for call in calls.iter().rev() {
            let (start, end) = (call.whole.start, call.whole.end);
            edits.push(Edit { range: start..start, text: format!("{}(", call.function) });
            edits.push(Edit { range: call.operator.clone(), text: ",".into() });
            edits.push(Edit { range: end..end, text: ")".into() });
        }
        // Where an operator follows at once, what it follows is closed first.
        edits.sort_by_key(|edit| (edit.range.start, edit.text != ")"));
        self.read.edits = edits;
        self.read
    }
}

#[cfg(test)]
mod tests {
    use super::{limits, read};

    fn guarded(source: &str) -> String {
        let mut text = String::new();
        let mut at = 0;
        for edit in read(source, 0..source.len()).edits {
            text.push_str(&source[at..edit.range.start]);
            text.push_str(&edit.text);
            at = edit.range.end;
        }
        text + &source[at..]
    }

    #[test]
    fn operators_become_calls() {
        for (source, expected) in [
            ("a", "a"),
            ("a ~ b", "_cat(a , b)"),
            ("a ~ b ~ c", "_cat(_cat(a , b) , c)"),
            ("a~b~c*d", "_cat(_cat(a,b),_mul(c,d))"),
            ("a + b - c + d", "_add(_add(a , b) - c , d)"),
            ("a + b ~ c * d", "_add(a , _cat(b , _mul(c , d)))"),
            ("a * b ~ c + d", "_add(_cat(_mul(a , b) , c) , d)"),
            ("(a ~ b) ~ c", "_cat((_cat(a , b)) , c)"),
            ("-a * -2 ** b", "_mul(-a , -2 ** b)"),
            ("a.b[c ~ d](e + f)|g(h * i) ~ j", "_cat(a.b[_cat(c , d)](_add(e , f))|g(_mul(h , i)) , j)"),
            ("a ~ b is string", "_cat(a , b is string)"),
            ("a ~ b if c ~ d else e ~ f", "_cat(a , b) if _cat(c , d) else _cat(e , f)"),
            ("for x in a + b if x ~ y", "for x in _add(a , b) if _cat(x , y)"),
            ("set x = x ~ x", "set x = _cat(x , x)"),
            ("set x, y = a ~ b, c ~ d", "set x, y = _cat(a , b), _cat(c , d)"),
            ("macro m(a, b=1 + 2)", "macro m(a, b=_add(1 , 2))"),
            ("{'a': b ~ c, 'd': [e * f]}", "{'a': _cat(b , c), 'd': [_mul(e , f)]}"),
            ("f(*a, **b)", "f(*a, **b)"),
            ("'a ~ b' ~ c", "_cat('a ~ b' , c)"),
            ("x is divisibleby 3 and y ~ z", "x is divisibleby 3 and _cat(y , z)"),
            ("not a ~ b", "not _cat(a , b)"),
            ("a == b * 2", "a == _mul(b , 2)"),
            ("1 + ", "1 + "),
            ("+", "+"),
            (") + a ~ b", ") + _cat(a , b)"),
        ] {
            assert_eq!(guarded(source), expected, "{source}");
        }
    }

    #[test]
    fn uses_are_found() {
        let source = "a.b|upper ~ c|default(d)|lower if e is defined and f is not odd else g(h)|x.y";
        let uses = read(source, 0..source.len()).uses;
        let names = |ranges: &[std::ops::Range<usize>]| {
            ranges.iter().map(|range| source[range.clone()].to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(&uses.filters), ["upper", "default", "lower", "x.y"]);
        assert_eq!(names(&uses.tests), ["defined", "odd"]);
        assert_eq!(names(&uses.variables), ["a", "d", "f", "h", "g"]);
    }

    #[test]
    fn what_is_set_is_found() {
        let set = |source: &str| read(source, 0..source.len()).set;
        assert_eq!(set(" set a = b == c"), ["a"]);
        assert_eq!(set("set (a, ns.b) = c"), ["a", "ns.b"]);
        assert!(set("set a").is_empty() && set("set a | upper").is_empty() && set("if a").is_empty());
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |depth| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
        assert!(!read(&nested(limits::NESTING), 0..2 * limits::NESTING + 1).is_too_deep);
        assert!(read(&nested(limits::NESTING + 1), 0..2 * limits::NESTING + 3).is_too_deep);
        assert!(read(&"(".repeat(100_000), 0..100_000).is_too_deep);
    }
}
