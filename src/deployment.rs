//! What is served: configuration, documents and what is added to them, read and compiled as one.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::bail;
use mocker_engine::Deployment;
use mocker_openapi::{Loaded, Location};
use mocker_plan::{Options, Plan};
use mocker_scripting::Hook;
use mocker_scripting::plugin::builtin::Kind;
use mocker_source::{Diagnostic, Severity};
use mocker_state::Store;

use crate::behaviours::{self, Added, Origin};
use crate::cli::behaviour;
use crate::config::section::plugins::{Plugin, Source};
use crate::config::{Configuration, Loaded as Configured};
use crate::report::{self, Counts};
use crate::specs;

/// What was read and compiled.
pub(crate) struct Built {
    pub(crate) deployment: Deployment,
    /// Files that it was read from; another look at them may give something else
    pub(crate) files: Vec<PathBuf>,
    /// Faults of what is added to documents that leave a part of it out
    pub(crate) errors: usize,
}

/// Reads and compiles all that a configuration names; what is wrong is told, line by line. State goes on in `store`.
///
/// # Errors
/// When there is nothing to serve.
pub(crate) fn build(
    configured: &Configured,
    configuration: &Configuration,
    store: Arc<Store>,
    say: &mut dyn FnMut(&str),
) -> anyhow::Result<Built> {
    let origins = documents(configuration, say)?;
    let mut options = behaviour::options(configuration);
    let is_sharing = |plugin: &Plugin| {
        plugin.is_enabled
            && matches!(&plugin.source, Source::BuiltIn(name) if Kind::of(name) == Some(Kind::Cors))
    };
    options.shares &= !configuration.plugins.iter().any(is_sharing);
    let plan = Arc::new(compiled(&origins, &options, say));
    let added = behaviours::compile(configured, configuration, &plan, &origins, store);
    let Added { behaviours, faults, files: of_added } = added;
    faults.iter().for_each(|fault| say(&fault.to_string()));
    let mut files: Vec<PathBuf> = configured.file.iter().cloned().chain(of_added).collect();
    let of_documents = origins.iter().flat_map(|origin| origin.files.iter().chain(&origin.contents));
    files.extend(of_documents.filter_map(|file| match file {
        Location::File(path) => Some(path.clone()),
        Location::Url(_) => None,
    }));
    // A file may be added to a folder.
    files.extend(configuration.specs.iter().map(PathBuf::from).filter(|path| path.is_dir()));
    let errors = faults.iter().filter(|fault| fault.is_error()).count();
    let failed = if errors == 0 { behaviours::call(&behaviours, Hook::Init) } else { Vec::new() };
    failed.iter().for_each(|fault| say(&format!("{fault}: error [plugin-init]")));
    if !failed.is_empty() || faults.iter().any(behaviours::Fault::is_of_plugin) {
        bail!(
            "a plugin is not as it must be, and what it is to refuse would pass: mend it, or say `enabled: false`"
        );
    }
    let mut settings = behaviour::settings(configuration);
    // Who has a plugin decide about sharing wants nothing else to.
    settings.shares &= behaviours.sharing.is_empty();
    let deployment = Deployment { plan, settings, behaviours };
    Ok(Built { deployment, files, errors })
}

fn documents(configuration: &Configuration, say: &mut dyn FnMut(&str)) -> anyhow::Result<Vec<Origin>> {
    if configuration.specs.is_empty() {
        bail!("nothing to serve: give `--spec FILE`, or name documents under `specs` in mocker.yaml");
    }
    let loaded = specs::load_all(&configuration.specs)?;
    loaded.iter().for_each(|loaded| tell(loaded, say));
    let names: Vec<String> = loaded.iter().map(report::root).collect();
    let origin = |loaded: Loaded| {
        let Loaded { document, files, contents, .. } = loaded;
        document.map(|document| Origin { document: Arc::new(document), files, contents })
    };
    let origins: Vec<Origin> = loaded.into_iter().filter_map(origin).collect();
    if origins.is_empty() {
        bail!("nothing to serve: {} is no API description that can be read", names.join(", "));
    }
    Ok(origins)
}

fn compiled(origins: &[Origin], options: &Options, say: &mut dyn FnMut(&str)) -> Plan {
    let documents: Vec<_> = origins.iter().map(|origin| Arc::clone(&origin.document)).collect();
    let (plan, clashes) = Plan::compile(&documents, options);
    for clash in clashes {
        say(&format!("warning: {clash}"));
    }
    plan
}

/// Errors in full; warnings as a number, for documents of others have hundreds, unless they say why
/// nothing is served.
pub(crate) fn tell(loaded: &Loaded, say: &mut dyn FnMut(&str)) {
    let serves = loaded.document.as_ref().is_some_and(|document| !document.operations.is_empty());
    let is_told = |diagnostic: &&Diagnostic| !serves || diagnostic.severity == Severity::Error;
    for diagnostic in loaded.diagnostics.iter().filter(is_told) {
        say(&report::text(loaded, diagnostic));
    }
    let warnings = Counts::of(loaded.diagnostics.iter()).warnings;
    if warnings > 0 && serves {
        let file = report::root(loaded);
        let count = report::counted(warnings, "warning");
        say(&format!("{file}: {count}; `mocker check {file}` lists them"));
    }
}
