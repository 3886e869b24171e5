//! What is served: configuration, documents and what is added to them, read and compiled as one.

use std::sync::Arc;

use anyhow::bail;
use mocker_engine::Deployment;
use mocker_openapi::Loaded;
use mocker_plan::{Options, Plan};
use mocker_scripting::plugin::builtin::Kind;
use mocker_source::{Diagnostic, Severity};
use mocker_state::Store;

use crate::behaviours::{self, Added, Fault, Origin};
use crate::cli::behaviour;
use crate::config::section::plugins::{Plugin, Source};
use crate::config::{Configuration, Loaded as Configured};
use crate::fingerprint::{Marks, fingerprint};
use crate::report::{self, Counts};
use crate::sightings::Sightings;
use crate::soundness::{Readable, Soundness, identity};
use crate::specs;

/// What was read and compiled.
pub(crate) struct Built {
    pub(crate) deployment: Deployment,
    pub(crate) record: Record,
    /// The documents, with the files they were read from
    pub(crate) origins: Vec<Origin>,
}

/// What the next deployment is held against.
pub(crate) struct Record {
    pub(crate) soundness: Soundness,
    pub(crate) marks: Marks,
}

/// Reads and compiles all that a configuration names; what is wrong is told, line by line. State goes on in
/// `store`. `seen` gets every file and folder as it was before it was read, whatever comes of it. `served` is what
/// documents are served now.
///
/// # Errors
/// When there is nothing to serve, or a plugin is not as it must be.
pub(crate) fn build(
    configured: &Configured,
    configuration: &Configuration,
    store: Arc<Store>,
    served: &Soundness,
    seen: &mut Sightings,
    say: &mut dyn FnMut(Severity, &str),
) -> anyhow::Result<Built> {
    let mut soundness = Soundness::default();
    let origins = documents(configuration, served, seen, &mut soundness, say)?;
    let options = options(configuration);
    let (plan, clashes) = compiled(&origins, &options);
    clashes.iter().for_each(|clash| say(Severity::Warning, &format!("warning: {clash}")));
    let added = behaviours::compile(configured, configuration, &plan, &origins, store);
    let Added { behaviours, faults, seen: of_added, marks } = added;
    seen.join(&of_added);
    for fault in &faults {
        say(fault.severity(), &fault.to_string());
        if fault.is_error() {
            soundness.error(fault.file());
        }
    }
    if faults.iter().any(Fault::is_of_plugin) {
        bail!(PLUGIN);
    }
    let mut settings = behaviour::settings(configuration);
    // Who has a plugin decide about sharing wants nothing else to.
    settings.shares &= behaviours.sharing().next().is_none();
    let marks = Marks { operations: marks, all: fingerprint(format!("{options:?} {settings:?}")) };
    let deployment = Deployment { plan: Arc::new(plan), settings, behaviours };
    Ok(Built { deployment, record: Record { soundness, marks }, origins })
}

/// Said where no document is named.
pub(crate) const NOTHING: &str =
    "nothing to serve: give `--spec FILE`, or name documents under `specs` in mocker.yaml";

/// Said where a plugin is wanted and cannot be had.
pub(crate) const PLUGIN: &str =
    "a plugin is not as it must be, and what it is to refuse would pass: mend it, or say `enabled: false`";

/// Said of a document that had operations.
const EMPTIED: &str =
    "describes no operation any more: it is half written, or a server without them is started anew";

fn documents(
    configuration: &Configuration,
    served: &Soundness,
    seen: &mut Sightings,
    soundness: &mut Soundness,
    say: &mut dyn FnMut(Severity, &str),
) -> anyhow::Result<Vec<Origin>> {
    if configuration.specs.is_empty() {
        bail!(NOTHING);
    }
    let loaded = specs::load_seen(&configuration.specs, seen, served)?;
    loaded.iter().for_each(|loaded| tell(loaded, say));
    let names: Vec<String> = loaded.iter().map(report::root).collect();
    for (loaded, name) in loaded.iter().zip(&names) {
        let root = identity(loaded);
        let errors = Counts::of(loaded.diagnostics.iter()).errors;
        let readable = loaded
            .document
            .as_ref()
            .map(|document| Readable { errors, operations: document.operations.len() });
        if readable.is_some_and(|now| now.operations == 0) && served.serves_operations(&root) {
            say(Severity::Error, &format!("error: {name} {EMPTIED}"));
        }
        soundness.document(root, readable);
    }
    let origins = origins(loaded);
    if origins.is_empty() {
        bail!("nothing to serve: {} is no API description that can be read", names.join(", "));
    }
    Ok(origins)
}

/// What could be read.
fn origins(loaded: Vec<Loaded>) -> Vec<Origin> {
    let origin = |loaded: Loaded| {
        let Loaded { document, files, .. } = loaded;
        document.map(|document| Origin { document: Arc::new(document), files })
    };
    loaded.into_iter().filter_map(origin).collect()
}

/// What is decided about all answers.
fn options(configuration: &Configuration) -> Options {
    let mut options = behaviour::options(configuration);
    let is_sharing = |plugin: &Plugin| {
        plugin.is_enabled
            && matches!(&plugin.source, Source::BuiltIn(name) if Kind::of(name) == Some(Kind::Cors))
    };
    options.shares &= !configuration.plugins.iter().any(is_sharing);
    options
}

/// The plan of documents, and which operations have the same requests.
fn compiled(origins: &[Origin], options: &Options) -> (Plan, Vec<String>) {
    let documents: Vec<_> = origins.iter().map(|origin| Arc::clone(&origin.document)).collect();
    let (plan, clashes) = Plan::compile(&documents, options);
    (plan, clashes.iter().map(ToString::to_string).collect())
}

/// What is wrong with what a configuration adds to documents, as [`build`] would tell it; plugins are not begun.
pub(crate) fn faults(
    configured: &Configured,
    configuration: &Configuration,
    loaded: Vec<Loaded>,
) -> Vec<Fault> {
    let origins = origins(loaded);
    let (plan, clashes) = compiled(&origins, &options(configuration));
    let store = Arc::new(behaviours::store(&configuration.state));
    let added = behaviours::compile(configured, configuration, &plan, &origins, store);
    clashes.into_iter().map(Fault::of_clash).chain(added.faults).collect()
}

/// Errors in full; warnings as a number, for documents of others have hundreds, unless they say why
/// nothing is served.
pub(crate) fn tell(loaded: &Loaded, say: &mut dyn FnMut(Severity, &str)) {
    let serves = loaded.document.as_ref().is_some_and(|document| !document.operations.is_empty());
    let is_told = |diagnostic: &&Diagnostic| !serves || diagnostic.severity == Severity::Error;
    for diagnostic in loaded.diagnostics.iter().filter(is_told) {
        say(diagnostic.severity, &report::text(loaded, diagnostic));
    }
    let warnings = Counts::of(loaded.diagnostics.iter()).warnings;
    if warnings > 0 && serves {
        let file = report::root(loaded);
        let count = report::counted(warnings, "warning");
        say(Severity::Warning, &format!("{file}: {count}; `mocker check {file}` lists them"));
    }
}
