//! TLS (RFC 8446, RFC 5246) between the bytes of a socket and a service: records are taken off what was read, and what a
//! service answers leaves in records. Knows no sockets; cryptography is that of rustls.

mod records;
mod sealed;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::ServerConfig;

pub(crate) use sealed::Sealed;

/// What new connections are met with: certificate, key, and what is asked of clients. May change while a server runs;
/// connections keep what they began with.
pub struct Credentials(Mutex<Arc<ServerConfig>>);

impl Credentials {
    /// These, until others take their place.
    pub fn new(config: Arc<ServerConfig>) -> Credentials {
        Credentials(Mutex::new(config))
    }

    /// New connections are met with these from now on.
    pub fn replace(&self, config: Arc<ServerConfig>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = config;
    }

    fn current(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Keys are not shown.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials")
    }
}
