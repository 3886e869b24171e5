//! Certificates and keys of files, in PEM (RFC 7468). What is wrong with a file is said with what would be right.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::fetch;
use crate::limits::MAX_PEM_BYTES;
use crate::sightings::Sightings;

const BEGIN: &str = "-----BEGIN ";
/// What DER begins with, and no text.
const SEQUENCE: u8 = 0x30;

/// The certificates of a file, in its order; one at least.
pub(super) fn certificates(
    path: &Path,
    seen: &mut Sightings,
) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let (name, text) = (path.display(), read(path, seen)?);
    let found: Vec<_> = CertificateDer::pem_slice_iter(&text)
        .collect::<Result<_, _>>()
        .map_err(|error| anyhow!("{name}: the PEM cannot be read: {error}"))?;
    if found.is_empty() {
        let remedy = format!(
            "a certificate begins with `{BEGIN}CERTIFICATE-----`{}",
            converted(&text, "openssl x509 -inform der")
        );
        bail!("{name} has no certificate: {}; {remedy}", contents(&text));
    }
    Ok(found)
}

/// The private key of a file.
pub(super) fn key(path: &Path, seen: &mut Sightings) -> anyhow::Result<PrivateKeyDer<'static>> {
    let (name, text) = (path.display(), read(path, seen)?);
    if is_encrypted(&text) {
        bail!(
            "{name}: the key is encrypted; give it in plain, as by `openssl pkey -in {name} -out plain.pem`"
        );
    }
    if labels(&text).iter().all(|label| !label.ends_with("PRIVATE KEY")) {
        let remedy = format!(
            "a key begins with `{BEGIN}PRIVATE KEY-----`{}",
            converted(&text, "openssl pkey -inform der")
        );
        bail!("{name} has no private key: {}; {remedy}", contents(&text));
    }
    PrivateKeyDer::from_pem_slice(&text).map_err(|error| anyhow!("{name}: the PEM cannot be read: {error}"))
}

/// Whether every user of the machine can read a file.
pub(super) fn is_open_to_all(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o004 != 0)
}

fn read(path: &Path, seen: &mut Sightings) -> anyhow::Result<Vec<u8>> {
    if path.to_string_lossy().starts_with(BEGIN) {
        bail!("certificates and keys are given as files: name the file, not what is in it");
    }
    seen.see(path);
    fetch::file(path, MAX_PEM_BYTES)
        .map_err(|error| anyhow!(fetch::reason(&error)))
        .with_context(|| format!("cannot read {}", path.display()))
}

/// What the sections of a file are called.
fn labels(text: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(text);
    let label = |line: &str| Some(line.trim().strip_prefix(BEGIN)?.trim_end_matches('-').to_owned());
    text.lines().filter_map(label).collect()
}

/// PKCS #8 says so in its label, older forms in a header.
fn is_encrypted(text: &[u8]) -> bool {
    let has_header = String::from_utf8_lossy(text)
        .lines()
        .any(|line| line.starts_with("Proc-Type:") && line.contains("ENCRYPTED"));
    has_header || labels(text).iter().any(|label| label == "ENCRYPTED PRIVATE KEY")
}

fn contents(text: &[u8]) -> String {
    match (text.first(), labels(text)) {
        (None, _) => "it is empty".to_owned(),
        (Some(&SEQUENCE), _) => "it is DER, not PEM".to_owned(),
        (_, labels) if labels.is_empty() => "it is no PEM".to_owned(),
        (_, labels) => format!("it has {}", labels.join(", ").to_lowercase()),
    }
}

/// How to make PEM of what is not.
fn converted(text: &[u8], command: &str) -> String {
    match text.first() {
        Some(&SEQUENCE) => format!("; `{command} -in FILE` makes it one"),
        _ => String::new(),
    }
}
