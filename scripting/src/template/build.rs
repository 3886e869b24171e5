//! Compiles templates and judges what can be judged before they run.

use std::collections::BTreeSet;

use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior, Value};
use mocker_source::{Diagnostic, Position};

use super::assemble::{Assembled, Origin, Place, Used};
use super::{
    Budgets, Content, Entry, TemplateSource, Templates, fault, filters, functions, limits, print, structured,
};
use crate::Fault;
use crate::host::nearest;

impl Templates {
    /// Compiles templates; the index of a source is its [`TemplateId`](super::TemplateId). What is wrong with one
    /// leaves the others as they are.
    pub fn new(sources: &[TemplateSource], budgets: Budgets) -> (Templates, Vec<Diagnostic>) {
        let mut templates = Templates {
            environment: environment(&budgets),
            entries: Vec::with_capacity(sources.len()),
            budgets,
            clock: None,
            root: std::iter::empty::<(String, Value)>().collect(),
        };
        let mut diagnostics = Vec::new();
        for (index, source) in sources.iter().enumerate() {
            templates.add(index, source, &mut diagnostics);
        }
        (templates, diagnostics)
    }

    fn add(&mut self, index: usize, source: &TemplateSource, diagnostics: &mut Vec<Diagnostic>) {
        let mut judge = Judge { source, found: Vec::new() };
        let mut used = Used::default();
        let mut assembled = match assembled(source, &mut used) {
            Ok(assembled) => assembled,
            Err(message) => {
                judge.fault("template-too-large", (source.line, source.column), message);
                Assembled::default()
            }
        };
        let key: Box<str> = format!("{index}.{}", suffix(&source.content)).into();
        if judge.found.is_empty() {
            judge.uses(&assembled, &used);
            let text = std::mem::take(&mut assembled.source);
            match self.environment.add_template_owned(key.to_string(), text) {
                Ok(()) => judge.names(&self.environment, &key, &assembled, &used),
                Err(error) if judge.found.is_empty() => judge.syntax(&error, &assembled),
                Err(_) => {}
            }
        }
        let fault = judge.found.first().map(|diagnostic| Fault {
            file: source.file.clone(),
            line: diagnostic.position.map_or(source.line, |position| position.line as usize),
            column: diagnostic.position.map_or(source.column, |position| position.column as usize),
            message: diagnostic.message.clone(),
            ..Fault::default()
        });
        diagnostics.append(&mut judge.found);
        self.entries.push(Entry { key, file: source.file.clone(), assembled, fault });
    }
}

fn environment(budgets: &Budgets) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_keep_trailing_newline(true);
    environment.set_debug(false);
    environment.set_fuel(Some(budgets.operations));
    environment.set_recursion_limit(budgets.depth);
    environment.set_auto_escape_callback(|key| match key.rsplit('.').next() {
        Some(print::JSON) => AutoEscape::Json,
        Some(print::STRUCTURED) => AutoEscape::Custom(print::STRUCTURED),
        _ => AutoEscape::None,
    });
    environment.set_formatter(print::format);
    functions::register(&mut environment);
    filters::register(&mut environment);
    environment
}

fn suffix(content: &Content) -> &'static str {
    match content {
        Content::Json(_) => print::JSON,
        Content::Text(_) => "text",
        Content::Value { .. } => print::STRUCTURED,
    }
}

fn assembled(source: &TemplateSource, used: &mut Used) -> Result<Assembled, String> {
    let assembled = match &source.content {
        Content::Json(text) | Content::Text(text) => {
            too_large(text.len())?;
            let origin = Origin { text: text.clone(), line: source.line, column: source.column };
            Assembled::of_text(origin, used)
        }
        Content::Value { value, places } => {
            let place = |pointer: &str| {
                let known = places.iter().find(|(known, ..)| **known == *pointer);
                Some(known.map_or((source.line, source.column), |(_, line, column)| (*line, *column)))
            };
            structured::assemble(value, &place, used)?
        }
    };
    too_large(assembled.source.len() / 2)?;
    Ok(assembled)
}

fn too_large(bytes: usize) -> Result<(), String> {
    match bytes > limits::SOURCE_BYTES {
        true => Err(format!("the template has more than the limit of {} bytes", limits::SOURCE_BYTES)),
        false => Ok(()),
    }
}

/// Collects what is wrong with one template.
struct Judge<'a> {
    source: &'a TemplateSource,
    found: Vec<Diagnostic>,
}

impl Judge<'_> {
    /// Filters and tests that there are not, and tags that are too deep.
    fn uses(&mut self, assembled: &Assembled, used: &Used) {
        for place in &used.too_deep {
            let message = format!(
                "the tag has more than {} parentheses inside one another, {} operators in a row or {} `elif` before it",
                limits::NESTING,
                limits::OPERATORS,
                limits::ELIFS
            );
            self.fault("template-too-large", position(assembled, place), message);
        }
        for place in &used.statements {
            let name = word(assembled, place);
            self.fault(
                "template-unknown-name",
                position(assembled, place),
                format!("there is no statement `{name}`: templates stand alone"),
            );
        }
        let filters: BTreeSet<&str> = filters::names().collect();
        self.unknown("filter", &used.filters, &filters, assembled);
        let tests: BTreeSet<&str> = filters::TESTS.iter().copied().collect();
        self.unknown("test", &used.tests, &tests, assembled);
    }

    fn unknown(&mut self, what: &str, places: &[Place], known: &BTreeSet<&str>, assembled: &Assembled) {
        for place in places {
            let name = word(assembled, place);
            if !known.contains(name) {
                let message = format!("there is no {what} `{name}`");
                let nearest = nearest(name, known.iter().copied()).map(str::to_owned);
                self.fault("template-unknown-name", position(assembled, place), message);
                self.help(nearest);
            }
        }
    }

    /// Variables that nothing sets.
    fn names(&mut self, environment: &Environment<'_>, key: &str, assembled: &Assembled, used: &Used) {
        let Ok(template) = environment.get_template(key) else { return };
        let globals = functions::NAMES;
        for name in template.undeclared_variables(false) {
            if globals.contains(&name.as_str()) || name.starts_with('_') || name == "caller" {
                continue;
            }
            let Some(place) = used.variables.iter().find(|place| word(assembled, place) == name) else {
                continue;
            };
            let message = format!("`{name}` is not defined");
            self.fault("template-unknown-name", position(assembled, place), message);
            self.help(nearest(&name, globals.iter().copied()).map(str::to_owned));
        }
    }

    fn syntax(&mut self, error: &Error, assembled: &Assembled) {
        let place = fault::place(error, assembled).unwrap_or((self.source.line, self.source.column));
        let message = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
        self.fault("template-syntax", place, message);
    }

    fn fault(&mut self, code: &'static str, (line, column): (usize, usize), message: String) {
        let number = |number: usize| u32::try_from(number.max(1)).unwrap_or(u32::MAX);
        let position =
            self.source.file_id.map(|file| Position { file, line: number(line), column: number(column) });
        self.found.push(Diagnostic::error_at(code, position, format!("{}: {message}", self.source.name)));
    }

    fn help(&mut self, nearest: Option<String>) {
        if let (Some(nearest), Some(last)) = (nearest, self.found.last_mut()) {
            last.help = Some(format!("did you mean `{nearest}`?"));
        }
    }
}

fn position(assembled: &Assembled, place: &Place) -> (usize, usize) {
    assembled.position(place.origin, place.range.start)
}

fn word<'a>(assembled: &'a Assembled, place: &Place) -> &'a str {
    assembled
        .origins
        .get(place.origin)
        .and_then(|origin| origin.text.get(place.range.clone()))
        .unwrap_or_default()
}
