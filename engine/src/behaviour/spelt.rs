//! Conditions in words.

use std::fmt;

use super::{Condition, Subject, Test};

impl fmt::Display for Condition {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Condition::All(all) => joined(out, all, " and "),
            Condition::Any(any) => joined(out, any, " or "),
            Condition::Not(other) => write!(out, "not ({other})"),
            Condition::Is(subject, test) => write!(out, "{subject} {test}"),
        }
    }
}

fn joined(out: &mut fmt::Formatter<'_>, parts: &[Condition], word: &str) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            out.write_str(word)?;
        }
        match part {
            Condition::All(inner) | Condition::Any(inner) if inner.len() > 1 => write!(out, "({part})")?,
            _ => write!(out, "{part}")?,
        }
    }
    Ok(())
}

impl fmt::Display for Subject {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Header(name) => write!(out, "header `{name}`"),
            Subject::Query(name) => write!(out, "query `{name}`"),
            Subject::Param(name) => write!(out, "path variable `{name}`"),
            Subject::Cookie(name) => write!(out, "cookie `{name}`"),
            Subject::Body(pointer) => write!(out, "body `{pointer}`"),
            Subject::Method => write!(out, "the method"),
            Subject::Scenario(name) => write!(out, "scenario `{name}`"),
        }
    }
}

impl fmt::Display for Test {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Test::Equals(value) => write!(out, "equals {value}"),
            Test::Matches(pattern) => write!(out, "matches `{}`", pattern.source),
            Test::Exists(true) => write!(out, "is there"),
            Test::Exists(false) => write!(out, "is not there"),
            Test::Contains(value) => write!(out, "contains {value}"),
            Test::Greater(limit) => write!(out, "is greater than {limit}"),
            Test::Less(limit) => write!(out, "is less than {limit}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_spelt() {
        let is = |name: &str, test| Condition::Is(Subject::Header(name.into()), test);
        let any = Condition::Any(vec![is("a", Test::Exists(true)), is("b", Test::Less(2.0))]);
        let all = Condition::All(vec![is("c", Test::Equals("x".into())), any]);
        let text = "header `c` equals \"x\" and (header `a` is there or header `b` is less than 2)";
        assert_eq!(all.to_string(), text);
        assert_eq!(
            Condition::Not(Box::new(is("a", Test::Exists(false)))).to_string(),
            "not (header `a` is not there)"
        );
    }
}
