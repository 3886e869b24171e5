//! A socket that listens, bound by whoever starts the server.

use std::io;
use std::os::unix::net::UnixListener;
use std::path::PathBuf;

use crate::Address;

/// A socket that listens.
#[derive(Debug)]
pub enum Listener {
    /// Of an address; and what the user called it
    Tcp {
        /// Bound
        listener: std::net::TcpListener,
        /// As given, without brackets
        host: String,
    },
    /// Of the file system
    Unix {
        /// Bound
        listener: UnixListener,
        /// Where it is
        path: PathBuf,
    },
}

impl Listener {
    /// Where clients connect to, with the real port.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn address(&self) -> io::Result<Address> {
        Ok(match self {
            Listener::Tcp { listener, .. } => {
                let address = listener.local_addr()?;
                Address::Tcp { host: address.ip().to_string(), port: address.port() }
            }
            Listener::Unix { path, .. } => Address::Unix(path.clone()),
        })
    }

    /// What the user called it; `None` where no page of a browser can connect.
    pub fn host(&self) -> Option<&str> {
        match self {
            Listener::Tcp { host, .. } => Some(host),
            Listener::Unix { .. } => None,
        }
    }
}
