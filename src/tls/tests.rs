//! What certificates and keys may be, and what is said of others.

#![allow(clippy::unwrap_used)]

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Duration;

use rcgen::{Certificate, CertificateParams, KeyPair};

use super::*;

fn made(name: &str) -> (Certificate, KeyPair) {
    let key = KeyPair::generate().unwrap();
    (CertificateParams::new([name.to_owned()]).unwrap().self_signed(&key).unwrap(), key)
}

fn settings(identity: Identity, client_ca: Option<PathBuf>) -> section::Tls {
    section::Tls { identity: Some(identity), client_ca, handshake_timeout: Duration::ZERO }
}

/// A folder with these files, and the settings that name them.
fn files(cert: &[u8], key: &[u8]) -> (tempfile::TempDir, section::Tls) {
    let folder = tempfile::tempdir().unwrap();
    let [cert, key] = [("cert.pem", cert), ("key.pem", key)].map(|(name, text)| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        path
    });
    let settings = settings(Identity::Files { cert, key }, None);
    (folder, settings)
}

fn begin(settings: &section::Tls) -> anyhow::Result<Option<Tls>> {
    Tls::begin(settings, "127.0.0.1", &mut Sightings::default())
}

/// What is wrong, with the files named as in the folder.
fn fault((folder, settings): (tempfile::TempDir, section::Tls)) -> String {
    let error = begin(&settings).err().expect("a fault");
    format!("{error:#}").replace(&format!("{}/", folder.path().display()), "")
}

#[test]
fn what_is_wrong_with_files_is_said_with_what_would_be_right() {
    let ((one, one_key), (other, other_key)) = (made("one"), made("other"));
    let (pem, key_pem) = (one.pem(), one_key.serialize_pem());
    let chain = format!("{}{pem}", other.pem());
    let encrypted = key_pem.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    let old = "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END EC PRIVATE KEY-----\n";
    let no_key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    let no_cert = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let spoilt = pem.replace("MII", "M!!");
    let large = vec![b'\n'; MAX + 1];
    const MAX: usize = crate::limits::MAX_PEM_BYTES as usize;
    for (cert, key, expected) in [
        (
            pem.as_bytes(),
            other_key.serialize_pem().as_bytes(),
            "the key key.pem does not belong to the certificate cert.pem; give the two",
        ),
        (
            chain.as_bytes(),
            key_pem.as_bytes(),
            "cert.pem: the server's own certificate, to which key.pem belongs, must be the first",
        ),
        (b"", key_pem.as_bytes(), "cert.pem has no certificate: it is empty; a certificate begins with"),
        (
            key_pem.as_bytes(),
            key_pem.as_bytes(),
            "cert.pem has no certificate: it has private key; a certificate begins",
        ),
        (
            one.der(),
            key_pem.as_bytes(),
            "cert.pem has no certificate: it is DER, not PEM; a certificate begins with `-----BEGIN CERTIFICATE-----`; `openssl x509 -inform der -in FILE` makes it one",
        ),
        (b"hello", key_pem.as_bytes(), "cert.pem has no certificate: it is no PEM;"),
        (spoilt.as_bytes(), key_pem.as_bytes(), "cert.pem: the PEM cannot be read: "),
        (&pem.as_bytes()[..pem.len() / 2], key_pem.as_bytes(), "cert.pem: the PEM cannot be read: "),
        (no_cert.as_bytes(), key_pem.as_bytes(), "cert.pem: the certificate cannot be read: "),
        (&large, key_pem.as_bytes(), "cannot read cert.pem: larger than 1 MiB"),
        (&large[..MAX], key_pem.as_bytes(), "cert.pem has no certificate: it is no PEM"),
        (
            pem.as_bytes(),
            pem.as_bytes(),
            "key.pem has no private key: it has certificate; a key begins with `-----BEGIN PRIVATE KEY-----`",
        ),
        (
            pem.as_bytes(),
            encrypted.as_bytes(),
            "key.pem: the key is encrypted; give it in plain, as by `openssl pkey -in key.pem",
        ),
        (pem.as_bytes(), old.as_bytes(), "key.pem: the key is encrypted"),
        (pem.as_bytes(), no_key.as_bytes(), "key.pem: the key cannot be used; keys of RSA"),
        (
            pem.as_bytes(),
            &one_key.serialize_der(),
            "key.pem has no private key: it is DER, not PEM; a key begins",
        ),
    ] {
        let said = fault(files(cert, key));
        assert!(said.starts_with(expected), "{said}\nin place of\n{expected}");
        assert!(!said.contains('\n'));
    }
}

#[test]
fn files_that_are_not_there_are_named() {
    let (one, key) = made("one");
    for name in ["cert.pem", "key.pem"] {
        let (folder, settings) = files(one.pem().as_bytes(), key.serialize_pem().as_bytes());
        std::fs::remove_file(folder.path().join(name)).unwrap();
        assert_eq!(fault((folder, settings)), format!("cannot read {name}: no such file"));
    }
    let (folder, mut wrong) = files(one.pem().as_bytes(), key.serialize_pem().as_bytes());
    wrong.client_ca = Some(folder.path().join("none.pem"));
    assert_eq!(fault((folder, wrong)), "cannot read none.pem: no such file");
    let pasted = Identity::Files { cert: one.pem().into(), key: "key.pem".into() };
    let said = format!("{:#}", begin(&settings(pasted, None)).err().unwrap());
    assert_eq!(said, "certificates and keys are given as files: name the file, not what is in it");
}

#[test]
fn keys_are_taken_in_every_form() {
    for algorithm in [&rcgen::PKCS_ECDSA_P256_SHA256, &rcgen::PKCS_ECDSA_P384_SHA384, &rcgen::PKCS_ED25519] {
        let key = KeyPair::generate_for(algorithm).unwrap();
        let certificate = CertificateParams::new(["a".to_owned()]).unwrap().self_signed(&key).unwrap();
        // Text around the sections is allowed, and both may be in one file.
        let both = format!("a key\n{}\nits certificate\n{}", key.serialize_pem(), certificate.pem());
        let (_folder, settings) = files(both.as_bytes(), both.as_bytes());
        let tls = begin(&settings).unwrap().unwrap();
        assert_eq!((tls.material.chain.len(), tls.described()), (1, None));
    }
}

#[test]
fn what_says_the_same_takes_no_place() {
    let ((one, one_key), (other, other_key)) = (made("one"), made("other"));
    let (folder, settings) = files(one.pem().as_bytes(), one_key.serialize_pem().as_bytes());
    let mut tls = begin(&settings).unwrap().unwrap();
    let mut seen = Sightings::default();
    assert!(tls.read_again(&settings, &mut seen).unwrap().is_none());
    assert_eq!(seen.paths().count(), 2);
    std::fs::write(folder.path().join("cert.pem"), other.pem()).unwrap();
    assert!(tls.read_again(&settings, &mut seen).is_err(), "the key is the old one");
    std::fs::write(folder.path().join("key.pem"), other_key.serialize_pem()).unwrap();
    let renewed = tls.read_again(&settings, &mut seen).unwrap().unwrap();
    tls.renew(renewed);
    assert!(tls.read_again(&settings, &mut seen).unwrap().is_none());
}

#[test]
fn a_self_signed_certificate_stays_the_same_until_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.pem");
    let settings = settings(Identity::SelfSigned { out: Some(out.clone()) }, None);
    let tls = begin(&settings).unwrap().unwrap();
    assert!(tls.read_again(&settings, &mut Sightings::default()).unwrap().is_none());
    let written = pem::certificates(&out, &mut Sightings::default()).unwrap();
    assert_eq!(written, tls.material.chain);
    let digest = fingerprint(&written[0]).unwrap();
    assert_eq!(digest.len(), 95);
    assert_eq!(tls.described(), Some(format!("a self-signed certificate (SHA-256 {digest})")));
    assert_ne!(begin(&settings).unwrap().unwrap().material.chain, written);
    let nowhere = section::Tls {
        identity: Some(Identity::SelfSigned { out: Some(folder.path().join("none/out.pem")) }),
        ..settings
    };
    assert!(begin(&nowhere).is_err());
}
