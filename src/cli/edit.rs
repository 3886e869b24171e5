//! `mocker config edit`: a copy is edited, and takes the place of the file when it is valid.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::SystemTime;

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
    let (original, since) = (text_of(&target)?, modified(&target)?);
    if !copy.exists() {
        fs::copy(&target, &copy).with_context(|| format!("{} cannot be written", copy.display()))?;
    } else if since > modified(&copy)? {
        let (copy, file) = (copy.display(), file.display());
        bail!(
            "{copy} was rejected before, and {file} is newer: bring over what is to stay, and remove {copy}"
        );
    } else {
        talk::tell(format_args!("{} was rejected before; it is opened again", copy.display()));
        talk::flush();
    }
    let edited = open(&editor, &copy).and_then(|()| is_valid(&copy));
    let is_changed = text_of(&target)? != original;
    if is_changed || !matches!(edited, Ok(true)) {
        // It belongs to what the file was when it was copied.
        let _ = fs::File::open(&copy).and_then(|copy| copy.set_modified(since));
        let became = if is_changed { "was changed meanwhile" } else { "is as it was" };
        edited?;
        let (copy, file) = (copy.display(), file.display());
        talk::tell(format_args!("error: {file} {became}; what you wrote is in {copy}"));
        return Ok(ExitCode::from(FAULTY));
    }
    let told = match text_of(&copy)? == original {
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

fn modified(file: &Path) -> anyhow::Result<SystemTime> {
    let modified = fs::metadata(file).and_then(|found| found.modified());
    modified.with_context(|| format!("{} cannot be read", file.display()))
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
