//! Whatever the seed, no request is refused.

use std::sync::{Arc, OnceLock};

use mocker_loadgen::scenario::{Options, of_document};
use mocker_openapi::Document;
use proptest::prelude::*;

use crate::corpus::judge;
use crate::documents::{corpus, of_file, of_specs};

/// Real documents that are small enough to be made many times.
const SMALL: [&str; 6] = [
    "museum-3.1.yaml",
    "petstore-3.0.yaml",
    "petstore-2.0.yaml",
    "train-travel-3.1.yaml",
    "torture/t08-swagger2.json",
    "torture/t05-paths.json",
];

fn documents() -> &'static [Arc<Document>] {
    static DOCUMENTS: OnceLock<Vec<Arc<Document>>> = OnceLock::new();
    DOCUMENTS.get_or_init(|| {
        let specs = [
            "petstore/openapi.yaml",
            "banking/openapi.yaml",
            "ecommerce/openapi.yaml",
            "microservices/orders.yaml",
        ];
        let specs = specs.into_iter().map(of_specs);
        let real = corpus().into_iter().flatten().filter(|(name, _)| SMALL.contains(&name.as_str()));
        specs.chain(real.map(|(_, path)| of_file(&path))).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_seed_makes_a_request_that_is_refused(seed in any::<u64>(), variants in 1..12_usize, which in any::<prop::sample::Index>()) {
        let document = which.get(documents());
        let base_path = if seed % 3 == 0 { "/base/v1" } else { "" };
        let options = Options { seed, variants, base_path: base_path.to_owned(), ..Options::default() };
        let (scenario, unmade) = of_document(document, &options);
        let (sent, refused) = judge(document, &scenario, base_path);
        prop_assert!(refused.is_empty(), "{} of {sent}:\n{}", refused.len(), refused.join("\n"));
        prop_assert_eq!(scenario.operations.len(), document.operations.len(), "{:?}", unmade);
        prop_assert!(scenario.operations.iter().all(|operation| operation.requests.len() <= variants));
    }
}
