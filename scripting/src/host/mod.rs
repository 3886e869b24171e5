//! What the host gives to scripts and templates, topic by topic: plain functions of their arguments, without a
//! clock, a file or a source of chance of their own. What is random is a function of a [`Key`]; what is the time
//! is given in milliseconds since 1970. Errors are texts that say what would be right.
//!
//! [`Key`]: mocker_schema::generate::Key

pub mod base64;
pub mod environment;
pub mod fake;
pub mod hash;
pub mod json;
pub mod jwt;
pub mod limits;
pub mod numbers;
pub mod random;
pub mod text;
pub mod time;
pub mod uuid;

/// The nearest of the known names, quoted as `; did you mean ...?`, or nothing where none is near.
pub(crate) fn hint<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, known).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

/// The known name that is most like `name`.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const ALIKE: f64 = 0.7;
    let rated = known.into_iter().map(|known| (strsim::jaro_winkler(name, known), known));
    rated.filter(|(alike, _)| *alike >= ALIKE).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, known)| known)
}
