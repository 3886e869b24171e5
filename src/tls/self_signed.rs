//! A certificate that nobody certifies, made at each start.

use std::fs::File;
use std::io::Write;
use std::net::IpAddr;
use std::path::Path;
use std::time::{Duration, SystemTime};

use anyhow::Context;
use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::limits::{SELF_SIGNED_BEFORE, SELF_SIGNED_FOR};
use crate::opening;

/// Names that a client of this machine may use.
const LOCAL: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// A certificate with its key.
pub(super) struct SelfSigned {
    pub(super) certificate: CertificateDer<'static>,
    pub(super) key: PrivateKeyDer<'static>,
    pem: String,
}

impl SelfSigned {
    /// For this machine, and the host that is listened on.
    pub(super) fn make(host: &str) -> anyhow::Result<SelfSigned> {
        let mut params = CertificateParams::new(names(host)).context("cannot make a certificate")?;
        let day = |from: SystemTime, time: Duration| from.checked_add(time).unwrap_or(from);
        let begun = SystemTime::now().checked_sub(SELF_SIGNED_BEFORE).unwrap_or(SystemTime::UNIX_EPOCH);
        (params.not_before, params.not_after) = (begun.into(), day(begun, SELF_SIGNED_FOR).into());
        params.distinguished_name.push(DnType::CommonName, "mocker");
        params.extended_key_usages.push(ExtendedKeyUsagePurpose::ServerAuth);
        let key = KeyPair::generate().context("cannot make a key")?;
        let certificate = params.self_signed(&key).context("cannot make a certificate")?;
        Ok(SelfSigned {
            certificate: certificate.der().clone(),
            pem: certificate.pem(),
            key: PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
        })
    }

    /// Writes the certificate, for clients to trust.
    pub(super) fn write(&self, path: &Path) -> anyhow::Result<()> {
        opening::writing(path, File::options().create(true).write(true).truncate(true))
            .and_then(|mut file| file.write_all(self.pem.as_bytes()))
            .with_context(|| format!("cannot write the certificate to {}", path.display()))
    }
}

/// The host is none where all addresses are listened on.
fn names(host: &str) -> Vec<String> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_all = host.parse().is_ok_and(|address: IpAddr| address.is_unspecified());
    let mut names: Vec<String> = LOCAL.map(str::to_owned).to_vec();
    if !is_all && !names.iter().any(|name| name == host) {
        names.push(host.to_owned());
    }
    names
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn the_host_is_a_name_where_it_is_one() {
        for host in ["0.0.0.0", "::", "[::]", "localhost", "127.0.0.1", "[::1]"] {
            assert_eq!(names(host).len(), 3, "{host}");
        }
        assert_eq!(names("api.test")[3], "api.test");
        assert_eq!(names("[fe80::1]")[3], "fe80::1");
    }
}
