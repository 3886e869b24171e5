//! Tells the command which commit it is built from, and of which day: by the checkout and `SOURCE_DATE_EPOCH`.

use std::path::Path;
use std::process::Command;

/// Said where nothing is known.
const UNKNOWN: &str = "unknown";
/// Seconds of a day.
const DAY: i64 = 86_400;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=SOURCE_DATE_EPOCH");
    // A checkout above this folder is another project's.
    let is_checkout = Path::new(".git").exists();
    let asked = |arguments: &[&str]| is_checkout.then(|| git(arguments)).flatten();
    // Both change with each commit, and with nothing else.
    let watched = [&["rev-parse", "--git-path", "HEAD"][..], &["rev-parse", "--git-path", "logs/HEAD"]];
    for file in watched.into_iter().filter_map(asked).filter(|file| Path::new(file).exists()) {
        println!("cargo:rerun-if-changed={file}");
    }
    let commit = asked(&["rev-parse", "--short=7", "HEAD"]);
    let epoch = std::env::var("SOURCE_DATE_EPOCH").ok();
    // The day of the commit: the same checkout makes the same binary on any day.
    let seconds = epoch.or_else(|| asked(&["show", "-s", "--format=%ct", "HEAD"]));
    let built = seconds.and_then(|seconds| seconds.trim().parse().ok()).map(day);
    println!("cargo:rustc-env=MOCKER_COMMIT={}", commit.as_deref().unwrap_or(UNKNOWN));
    println!("cargo:rustc-env=MOCKER_BUILT={}", built.as_deref().unwrap_or(UNKNOWN));
}

fn git(arguments: &[&str]) -> Option<String> {
    let output =
        Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// The day of a time in seconds since 1970, as `2026-11-22`.
fn day(seconds: i64) -> String {
    // Days of the proleptic Gregorian calendar, counted in eras of 400 years that begin on a first of March.
    let days = seconds.div_euclid(DAY) + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let (of_month, month) =
        (of_year - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = year + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{of_month:02}")
}
