//! What clients of the data port are met with who speak TLS: certificates and keys, of files or made here.

mod pem;
mod self_signed;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::{anyhow, bail};
use mocker_runtime::tls::Credentials;
use rustls::crypto::CryptoProvider;
use rustls::crypto::ring::{Ticketer, default_provider};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::version::{TLS12, TLS13};
use rustls::{Error, InconsistentKeys, RootCertStore, ServerConfig};

use crate::config::section::tls::{self as section, Identity};
use crate::sightings::Sightings;
use crate::talk;

use self_signed::SelfSigned;

/// The one protocol that is spoken (RFC 7301).
const PROTOCOL: &[u8] = b"http/1.1";

/// TLS of a running server.
pub(crate) struct Tls {
    credentials: Arc<Credentials>,
    material: Material,
}

/// What credentials are made of.
#[derive(PartialEq)]
struct Material {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    /// Who certifies clients; empty where nobody asks them
    clients: Vec<CertificateDer<'static>>,
    is_self_signed: bool,
}

/// Credentials that are to take the place of others.
pub(crate) struct Renewed {
    config: Arc<ServerConfig>,
    material: Material,
}

impl Tls {
    /// What the configuration asks for; `None` where it is plain HTTP. `seen` gets the files as they were before they were
    /// read.
    ///
    /// # Errors
    /// Where there is something wrong with certificates or keys.
    pub(crate) fn begin(
        settings: &section::Tls,
        host: &str,
        seen: &mut Sightings,
    ) -> anyhow::Result<Option<Tls>> {
        let Some(identity) = &settings.identity else { return Ok(None) };
        let clients = clients(settings, seen)?;
        let material = match identity {
            Identity::Files { cert, key } => {
                if pem::is_open_to_all(key) {
                    let name = key.display();
                    talk::warn(format!(
                        "warning: everybody on this machine can read the key {name}; `chmod 600 {name}` keeps it"
                    ));
                }
                of_files(cert, key, clients, seen)?
            }
            Identity::SelfSigned { out } => {
                let made = SelfSigned::make(host)?;
                out.iter().try_for_each(|out| made.write(out))?;
                let (chain, key) = (vec![made.certificate], made.key);
                Material { chain, key, clients, is_self_signed: true }
            }
        };
        let credentials = Arc::new(Credentials::new(material.config(settings)?));
        Ok(Some(Tls { credentials, material }))
    }

    /// What new connections are met with.
    pub(crate) fn credentials(&self) -> Arc<Credentials> {
        Arc::clone(&self.credentials)
    }

    /// Reads the files again; `None` where they say what they said.
    ///
    /// # Errors
    /// Where there is something wrong with certificates or keys.
    pub(crate) fn read_again(
        &self,
        settings: &section::Tls,
        seen: &mut Sightings,
    ) -> anyhow::Result<Option<Renewed>> {
        let clients = clients(settings, seen)?;
        let material = match &settings.identity {
            Some(Identity::Files { cert, key }) if !self.material.is_self_signed => {
                of_files(cert, key, clients, seen)?
            }
            _ => {
                let Material { chain, key, is_self_signed, .. } = &self.material;
                let (chain, key) = (chain.clone(), key.clone_key());
                Material { chain, key, clients, is_self_signed: *is_self_signed }
            }
        };
        if material == self.material {
            return Ok(None);
        }
        Ok(Some(Renewed { config: material.config(settings)?, material }))
    }

    /// New connections are met with these; those that are open keep what they have.
    pub(crate) fn renew(&mut self, renewed: Renewed) {
        self.credentials.replace(renewed.config);
        self.material = renewed.material;
    }

    /// What a client cannot know of a certificate that nobody certifies: its digest.
    pub(crate) fn described(&self) -> Option<String> {
        let digest = self.material.is_self_signed.then(|| fingerprint(self.material.chain.first()?))?;
        Some(format!("a self-signed certificate (SHA-256 {})", digest?))
    }
}

/// An address as clients write it.
pub(crate) fn url(address: &SocketAddr, is_secure: bool) -> String {
    format!("{}://{address}", if is_secure { "https" } else { "http" })
}

fn clients(settings: &section::Tls, seen: &mut Sightings) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    settings.client_ca.as_deref().map_or(Ok(Vec::new()), |path| pem::certificates(path, seen))
}

fn of_files(
    cert: &Path,
    key: &Path,
    clients: Vec<CertificateDer<'static>>,
    seen: &mut Sightings,
) -> anyhow::Result<Material> {
    // Both are seen even where one is wrong: mending either has them read again.
    seen.see(key);
    let chain = pem::certificates(cert, seen)?;
    Ok(Material { chain, key: pem::key(key, seen)?, clients, is_self_signed: false })
}

/// Bytes in hexadecimal, as browsers and OpenSSL show it.
fn fingerprint(certificate: &CertificateDer<'_>) -> Option<String> {
    let digest = ring::digest::digest(&ring::digest::SHA256, certificate);
    Some(digest.as_ref().iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":"))
}

impl Material {
    fn config(&self, settings: &section::Tls) -> anyhow::Result<Arc<ServerConfig>> {
        let provider = Arc::new(default_provider());
        let certified = self.certified(&provider, settings)?;
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&[&TLS13, &TLS12])?;
        let builder = match self.clients.is_empty() {
            true => builder.with_no_client_auth(),
            false => {
                let roots = Arc::new(self.roots(settings)?);
                builder.with_client_cert_verifier(
                    WebPkiClientVerifier::builder_with_provider(roots, provider).build()?,
                )
            }
        };
        let mut config = builder.with_cert_resolver(Arc::new(SingleCertAndKey::from(certified)));
        config.alpn_protocols = vec![PROTOCOL.to_vec()];
        // Sessions are taken up by what clients keep: nothing of them is kept here, and other keys end them.
        config.ticketer = Ticketer::new()?;
        config.session_storage = Arc::new(NoServerSessionStorage {});
        Ok(Arc::new(config))
    }

    fn certified(&self, provider: &CryptoProvider, settings: &section::Tls) -> anyhow::Result<CertifiedKey> {
        let (cert, key) = match &settings.identity {
            Some(Identity::Files { cert, key }) => (cert.as_path(), key.as_path()),
            _ => (Path::new("the certificate"), Path::new("the key")),
        };
        let (cert, key) = (cert.display(), key.display());
        let signing = provider.key_provider.load_private_key(self.key.clone_key()).map_err(|_| {
            anyhow!("{key}: the key cannot be used; keys of RSA (2048 to 8192 bits), ECDSA (P-256, P-384) and Ed25519 can")
        })?;
        let of = |chain| CertifiedKey::new(chain, Arc::clone(&signing));
        let certified = of(self.chain.clone());
        match certified.keys_match() {
            Ok(()) | Err(Error::InconsistentKeys(InconsistentKeys::Unknown)) => Ok(certified),
            Err(Error::InconsistentKeys(_)) => {
                let belongs = |one: &CertificateDer<'static>| of(vec![one.clone()]).keys_match().is_ok();
                match self.chain.iter().any(belongs) {
                    true => bail!(
                        "{cert}: the server's own certificate, to which {key} belongs, must be the first"
                    ),
                    false => bail!(
                        "the key {key} does not belong to the certificate {cert}; give the two that were made together"
                    ),
                }
            }
            Err(error) => bail!("{cert}: the certificate cannot be read: {error}"),
        }
    }

    fn roots(&self, settings: &section::Tls) -> anyhow::Result<RootCertStore> {
        let mut roots = RootCertStore::empty();
        for certificate in &self.clients {
            roots.add(certificate.clone()).map_err(|error| {
                let path = settings.client_ca.as_deref().unwrap_or(Path::new(""));
                anyhow!("{}: a certificate cannot be read: {error}", path.display())
            })?;
        }
        Ok(roots)
    }
}

#[cfg(test)]
mod tests;
