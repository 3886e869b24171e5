//! What the engine's tests have in common.

#![allow(clippy::unwrap_used, unreachable_pub)]

use std::sync::Arc;

use mocker_engine::{Deployment, Settings};
use mocker_openapi::{Location, MemoryFetch, load};
use mocker_plan::{Options, Plan};

/// One document, compiled.
pub fn deployment(text: &str) -> Deployment {
    let location = Location::File("a.json".into());
    let mut files = MemoryFetch::default().with(location.clone(), text);
    let document = load(location, &mut files).document.unwrap();
    let (plan, _) = Plan::compile(&[Arc::new(document)], &Options::default());
    Deployment::new(Arc::new(plan), Settings::default())
}
