//! Identities within what schemas ask of them.

use std::collections::HashSet;

use proptest::prelude::*;

use crate::client::{Answer, Server};
use crate::written::pets;

fn with_variable(schema: &str, id: &str) -> String {
    // the generator makes UUIDs of what is called `id`
    let text = pets(&[], &[], &[("ref", id)]).replace("{id}", "{ref}").replace("name: id", "name: ref");
    text.replace(
        "in: path, required: true, schema: {}",
        &format!("in: path, required: true, schema: {schema}"),
    )
}

/// What the path asks for goes for the property too.
#[test]
fn the_variable_says_what_identities_are() {
    for (variable, id) in [
        ("{ type: string, format: uuid }", "{ type: string }"),
        ("{ type: string, format: uuid }", "{}"),
        ("{ type: integer, minimum: 1000 }", "{ type: integer }"),
        ("{ type: string, maxLength: 8 }", "{ type: string }"),
    ] {
        let server = Server::strict(&with_variable(variable, id), 20);
        assert_ne!(server.get("/pets"), Answer::Alone, "{variable}, {id}");
        for pet in server.body("/pets").as_array().unwrap() {
            let text = pet["ref"].as_str().map_or_else(|| pet["ref"].to_string(), str::to_owned);
            let (is_uuid, is_number) =
                (text.len() == 36, text.parse::<u64>().is_ok_and(|number| number >= 1000));
            assert!(!variable.contains("uuid") || is_uuid, "{text}");
            assert!(!variable.contains("1000") || is_number, "{text}");
            assert_eq!(&server.body(&format!("/pets/{text}")), pet);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// A body is held against its schema whenever it is asked for.
    #[test]
    fn slugs_have_the_length_that_they_may(least in 0_u64..18, more in 3_u64..18, size in 1_u64..1000) {
        let slug = format!("{{ type: string, minLength: {least}, maxLength: {} }}", least + more);
        let text = pets(&[], &[], &[("slug", &slug)]).replace("{id}", "{slug}").replace("name: id", "name: slug");
        let body = Server::of(&text, size).body("/pets");
        let list = body.as_array().unwrap();
        let slugs: HashSet<&str> = list.iter().map(|pet| pet["slug"].as_str().unwrap()).collect();
        prop_assert_eq!(slugs.len(), list.len());
        // where no other style fits, there are as many as the generator finds
        let is_rich = [8, 12, 16, 20].iter().any(|length| (least..=least + more).contains(length));
        prop_assert!(!slugs.is_empty() && (!is_rich || slugs.len() == size as usize), "{}", slugs.len());
    }
}
