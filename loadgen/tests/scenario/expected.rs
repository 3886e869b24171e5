//! Which failures are no errors, because a document describes nothing else.

use mocker_loadgen::scenario::{Options, of_document};

use crate::documents::of_text;

/// Keys of responses, and the ranges of statuses that are expected.
type Case = (&'static [&'static str], &'static [(u16, u16)]);

#[test]
fn failures_are_expected_where_no_success_is_described() {
    let cases: [Case; 10] = [
        (&["404"], &[(404, 404)]),
        (&["404", "410"], &[(404, 404), (410, 410)]),
        (&["4XX"], &[(400, 499)]),
        (&["503"], &[(503, 503)]),
        (&["404", "default"], &[(404, 404)]),
        (&["200", "404"], &[]),
        (&["2XX", "404"], &[]),
        (&["302", "404"], &[]),
        (&["default"], &[]),
        (&["200"], &[]),
    ];
    for (keys, expected) in cases {
        let responses: String =
            keys.iter().map(|key| format!("        '{key}': {{description: d}}\n")).collect();
        let text = format!(
            "openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\npaths:\n  /a:\n    get:\n      responses:\n{responses}"
        );
        let (scenario, unmade) = of_document(&of_text(&text), &Options::default());
        assert!(unmade.is_empty(), "{unmade:?}");
        let ranges = scenario.operations[0].expected.iter().map(|range| (*range.start(), *range.end()));
        assert_eq!(ranges.collect::<Vec<_>>(), expected, "{keys:?}");
    }
}
