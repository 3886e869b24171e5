//! Where the Admin API is.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use thiserror::Error;

/// Where the Admin API is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// Nowhere
    Off,
    /// Host and port
    Tcp {
        /// A name or an address, without brackets
        host: String,
        /// 0 for a free one
        port: u16,
    },
    /// A socket of the file system
    Unix(PathBuf),
}

/// The text names no place for the Admin API.
#[derive(Debug, PartialEq, Eq, Error)]
#[error("`{0}` is neither `off` nor an address with a port, such as `127.0.0.1:9090`, nor `unix:PATH`")]
pub struct AddressFault(String);

impl FromStr for Address {
    type Err = AddressFault;

    fn from_str(text: &str) -> Result<Address, AddressFault> {
        let fault = || AddressFault(text.to_owned());
        if text == "off" {
            return Ok(Address::Off);
        }
        if let Some(path) = text.strip_prefix("unix:") {
            return if path.is_empty() { Err(fault()) } else { Ok(Address::Unix(path.into())) };
        }
        if let Ok(port) = text.parse() {
            return Ok(Address::Tcp { host: "127.0.0.1".to_owned(), port });
        }
        let (host, port) = text.rsplit_once(':').ok_or_else(fault)?;
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let host = match bare {
            Some(inner) => inner,
            None if host.contains([':', '/', '[', ']']) => return Err(fault()),
            None => host,
        };
        if host.is_empty() || host.contains(char::is_whitespace) {
            return Err(fault());
        }
        Ok(Address::Tcp { host: host.to_owned(), port: port.parse().map_err(|_| fault())? })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Off => out.write_str("off"),
            Address::Tcp { host, port } if host.contains(':') => write!(out, "[{host}]:{port}"),
            Address::Tcp { host, port } => write!(out, "{host}:{port}"),
            Address::Unix(path) => write!(out, "unix:{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tcp(host: &str, port: u16) -> Option<Address> {
        Some(Address::Tcp { host: host.to_owned(), port })
    }

    #[test]
    fn addresses_are_read_and_written() {
        for (text, expected, written) in [
            ("off", Some(Address::Off), "off"),
            ("127.0.0.1:9090", tcp("127.0.0.1", 9090), "127.0.0.1:9090"),
            ("localhost:0", tcp("localhost", 0), "localhost:0"),
            ("[::1]:9090", tcp("::1", 9090), "[::1]:9090"),
            ("9091", tcp("127.0.0.1", 9091), "127.0.0.1:9091"),
            ("unix:/run/m.sock", Some(Address::Unix("/run/m.sock".into())), "unix:/run/m.sock"),
            ("unix:", None, ""),
            ("", None, ""),
            ("on", None, ""),
            ("127.0.0.1", None, ""),
            (":9090", None, ""),
            ("::1:9090", None, ""),
            ("[::1]", None, ""),
            ("localhost:65536", None, ""),
            ("http://localhost:9090", None, ""),
            ("local host:9090", None, ""),
        ] {
            let read = text.parse::<Address>().ok();
            assert_eq!(read, expected, "{text}");
            if let Some(address) = read {
                assert_eq!(address.to_string(), written);
            }
        }
    }
}
