//! Every operation whose paths match, as opposed to the one that answers: for who asks why it is that one.

use crate::compile::Plan;
use crate::operation::method_name;
use crate::route::{Captures, Outcome, Request, Route, Router};

/// An operation with one of its paths that matches a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Number in the plan
    pub operation: u32,
    /// The prefix of the path; empty for as written
    pub base_path: String,
    /// The path template with the prefix
    pub template: String,
}

impl Plan {
    /// The operations of any method whose paths match, in the order of the plan. Takes a time that grows with the plan.
    pub fn matching<'h>(
        &self,
        path: &[u8],
        query: &[u8],
        header: &dyn Fn(&str) -> Option<&'h [u8]>,
    ) -> Vec<Match> {
        let mut captures = Captures::new();
        let mut is_match = |found: &Match, condition: &str| {
            let method = method_name(&self.operation(found.operation).model().method);
            let template = format!("{}{condition}", found.template);
            let route = Route { template: &template, method, operation: found.operation };
            let (router, _) = Router::build([route]);
            let request = Request { method: method.as_bytes(), path, query };
            matches!(router.find(&request, header, &mut captures), Outcome::Operation(_))
        };
        let mut found = Vec::new();
        for number in 0..self.len() as u32 {
            let condition = self.operation(number).model().path_condition.as_deref().unwrap_or_default();
            found.extend(self.paths(number).into_iter().find(|path| is_match(path, condition)));
        }
        found
    }

    /// The paths of an operation: as written, and under its prefixes.
    pub fn paths(&self, number: u32) -> Vec<Match> {
        let operation = self.operation(number);
        let prefixes = operation.prefixes().into_iter();
        let path = |prefix: &str| Match {
            operation: number,
            base_path: prefix.to_owned(),
            template: format!("{prefix}{}", operation.model().path),
        };
        prefixes.map(path).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::sync::Arc;

    use mocker_openapi::{Location, MemoryFetch, load};

    use super::*;
    use crate::Options;

    const DOCUMENT: &str = r#"{"openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "servers": [{"url": "http://a/v1"}], "paths": {
        "/pets": {"get": {"responses": {}}},
        "/pets/mine": {"get": {"responses": {}}},
        "/pets/{id}": {"get": {"responses": {}}, "delete": {"responses": {}}}}}"#;

    #[test]
    fn all_that_match_are_found_with_their_prefix() {
        let location = Location::File("a.json".into());
        let mut files = MemoryFetch::default().with(location.clone(), DOCUMENT);
        let document = load(location, &mut files).document.unwrap();
        let (plan, _) = Plan::compile(&[Arc::new(document)], &Options::default());
        for (path, expected) in [
            ("/pets/mine", &[(1, "/pets/mine"), (2, "/pets/{id}"), (3, "/pets/{id}")][..]),
            ("/v1/pets/7", &[(2, "/v1/pets/{id}"), (3, "/v1/pets/{id}")]),
            ("/v1", &[]),
        ] {
            let found = plan.matching(path.as_bytes(), b"", &|_| None);
            let told: Vec<_> = found.iter().map(|found| (found.operation, &*found.template)).collect();
            assert_eq!(told, expected, "{path}");
        }
    }
}
