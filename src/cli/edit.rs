//! `mocker config edit`: a copy is edited, and takes the place of the file when it is valid.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, bail};

use super::FAULTY;
use super::config::{NOTHING, is_valid, text_of};
use crate::config::{Environment, found};
use crate::talk;

pub(super) fn run(file: Option<PathBuf>) -> anyhow::Result<ExitCode> {
    let environment = Environment::of_process();
    let named = file.or_else(|| environment.configuration()).or_else(found);
    let Some(file) = named else { bail!(NOTHING) };
    let Some(editor) = Environment::editor() else {
        bail!("no editor is known: set VISUAL or EDITOR, such as `EDITOR=nano mocker config edit`")
    };
    // A link stays one: what it leads to is replaced.
    let target = file.canonicalize().with_context(|| format!("{} cannot be read", file.display()))?;
    let copy = copy_of(&file);
    if copy.exists() {
        talk::tell(format_args!("{} was rejected before; it is opened again", copy.display()));
        talk::flush();
    } else {
        fs::copy(&target, &copy).with_context(|| format!("{} cannot be written", copy.display()))?;
    }
    open(&editor, &copy)?;
    if !is_valid(&copy)? {
        talk::tell(format_args!(
            "error: {} is as it was; what you wrote is in {}",
            file.display(),
            copy.display()
        ));
        return Ok(ExitCode::from(FAULTY));
    }
    let told = match text_of(&copy)? == text_of(&target)? {
        true => {
            fs::remove_file(&copy).with_context(|| format!("{} cannot be removed", copy.display()))?;
            "is as it was"
        }
        false => {
            replace(&copy, &target)?;
            "is replaced"
        }
    };
    let _ = writeln!(std::io::stdout(), "{} {told}", file.display());
    Ok(ExitCode::SUCCESS)
}

/// Beside the file, so that relative paths hold, and with its ending: `mocker.edited.yaml`.
fn copy_of(file: &Path) -> PathBuf {
    let extension = file.extension().unwrap_or_default().to_string_lossy();
    file.with_extension(format!("edited.{extension}"))
}

/// Editors are commands with arguments, as in `code --wait`: the shell takes them apart.
fn open(editor: &str, file: &Path) -> anyhow::Result<()> {
    let status = Command::new("sh").arg("-c").arg(format!("{editor} \"$1\"")).arg("sh").arg(file).status();
    match status.context("no shell can be started")?.success() {
        true => Ok(()),
        false => bail!("`{editor}` failed; the configuration is as it was, the copy is {}", file.display()),
    }
}

/// In one step where both are in one file system: no reader sees half a file.
fn replace(copy: &Path, target: &Path) -> anyhow::Result<()> {
    if fs::rename(copy, target).is_err() {
        fs::copy(copy, target).with_context(|| format!("{} cannot be written", target.display()))?;
        fs::remove_file(copy).with_context(|| format!("{} cannot be removed", copy.display()))?;
    }
    Ok(())
}
