//! The folder of a report.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Context;
use mocker_loadgen::report::{FILES, Report};

/// Writes all files of a report into a folder, which is made where it is not there; gives the line that says so.
pub(crate) fn write_all(report: &Report<'_>, folder: &Path) -> anyhow::Result<String> {
    let here = folder.display();
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {here}"))?;
    report
        .write_directory_files(&mut |name| {
            let file: Box<dyn Write> = Box::new(BufWriter::new(File::create(folder.join(name))?));
            Ok(file)
        })
        .with_context(|| format!("cannot write into {here}"))?;
    Ok(format!("Wrote {here}/: {}", FILES.join("  ")))
}
