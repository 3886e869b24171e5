//! Shares of operations from a recording.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use mocker_loadgen::scenario::{Mix, Scenario, Selection};
use mocker_openapi::Document;

use crate::talk;

/// The selected operations as often as the recording asks them; tells what recording and documents have not in common.
pub(crate) fn mixed(
    selected: Scenario,
    selection: &Selection,
    recording: &Path,
    documents: &[Arc<Document>],
    base_path: &str,
) -> anyhow::Result<Scenario> {
    let name = || format!("--mix {}", recording.display());
    let file = File::open(recording).with_context(name)?;
    let mix = Mix::read(BufReader::new(file), documents, base_path).with_context(name)?;
    talk::print(mix.summary());
    mix.apply(selected, selection).with_context(name)
}
