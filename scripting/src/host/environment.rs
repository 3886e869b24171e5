//! The environment, as far as the user lets scripts see it.

use std::collections::BTreeMap;

/// The value of a variable.
///
/// # Errors
/// When scripts may not see it, or it is not set; the text names those that they see.
pub fn get<'a>(environment: &'a BTreeMap<String, String>, name: &str) -> Result<&'a str, String> {
    if let Some(value) = environment.get(name) {
        return Ok(value);
    }
    let seen: Vec<String> = environment.keys().map(|name| format!("`{name}`")).collect();
    Err(match seen.is_empty() {
        true => format!(
            "the environment variable `{name}` is not among those that scripts may see: there are none"
        ),
        false => format!(
            "the environment variable `{name}` is not among those that scripts may see: {}{}",
            seen.join(", "),
            super::hint(name, environment.keys().map(String::as_str)),
        ),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::get;

    #[test]
    fn only_what_is_listed_is_seen() {
        let seen = BTreeMap::from([("STAGE".to_owned(), "test".to_owned())]);
        assert_eq!(get(&seen, "STAGE"), Ok("test"));
        let error = get(&seen, "STAGES").expect_err("not listed");
        assert!(error.contains("`STAGE`") && error.ends_with("did you mean `STAGE`?"), "{error}");
        assert!(get(&BTreeMap::new(), "PATH").expect_err("not listed").ends_with("there are none"));
    }
}
