//! `--prove`: the flags, and what is printed with a proof.

use std::sync::Arc;

use clap::Args;
use mocker_openapi::MemoryFetch;
use mocker_source::Diagnostic;

use super::{Checked, judge, summary};
use crate::limits::{MAX_PROOF_SAMPLES, USUAL_PROOF_SAMPLES};
use crate::prove::{self, Proof};
use crate::{report, specs};

#[derive(Args)]
pub(super) struct Flags {
    /// Make bodies and requests for every operation, and judge them by another validator than ours (jsonschema)
    #[arg(long)]
    prove: bool,
    /// Values to make of each schema
    #[arg(
        long,
        value_name = "N",
        requires = "prove",
        default_value_t = USUAL_PROOF_SAMPLES,
        value_parser = clap::value_parser!(u64).range(1..=MAX_PROOF_SAMPLES)
    )]
    samples: u64,
}

impl Flags {
    /// The documents that `specs` name, judged, and proved where that was asked for.
    ///
    /// # Errors
    /// As [`specs::load_all`].
    pub(super) fn checked(&self, specs: &[String]) -> anyhow::Result<Vec<Checked>> {
        if !self.prove {
            return Ok(specs::load_all(specs)?.into_iter().map(judge).collect());
        }
        let mut files = MemoryFetch::default();
        let loaded = specs::load_noting(specs, |location, text| files.add(location.clone(), text))?;
        Ok(loaded.into_iter().map(|loaded| self.proved(judge(loaded), &mut files)).collect())
    }

    fn proved(&self, mut checked: Checked, files: &mut MemoryFetch) -> Checked {
        let loaded = &mut checked.loaded;
        let (Some(document), Some(root)) = (loaded.document.take().map(Arc::new), loaded.files.first())
        else {
            return checked;
        };
        checked.proof = prove::document(&document, root.clone(), files, self.samples);
        loaded.document = Arc::into_inner(document);
        checked
    }
}

/// Whether a proof of one of them failed.
pub(super) fn has_failed(checked: &[Checked]) -> bool {
    checked.iter().filter_map(|checked| checked.proof.as_ref()).any(Proof::has_failed)
}

/// The errors of a document, and in place of its operations the proof. Warnings are counted.
pub(super) fn as_text(checked: &Checked, proof: &Proof) -> String {
    let errors = checked.diagnostics().filter(|diagnostic| Diagnostic::is_error(diagnostic));
    let errors: String =
        errors.map(|diagnostic| format!("{}\n", report::text(&checked.loaded, diagnostic))).collect();
    format!("{errors}{}{}", prove::as_text(proof), summary(checked))
}
