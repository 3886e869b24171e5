//! Where requests are sent.

use std::net::{SocketAddr, ToSocketAddrs};

use anyhow::{Context, bail};
use mocker_loadgen::drive::{self, Tls, Trust};
use ureq::http::Uri;

use crate::veil;

/// A server, as the user names it.
#[derive(Debug)]
pub(crate) struct Target {
    /// Where it is
    pub(crate) server: drive::Target,
    /// Value of `Host`
    pub(crate) host: String,
    /// What paths of a document are behind, or the path and query of a request: `/v1`
    pub(crate) path: String,
}

impl Target {
    /// Reads `http://host:port/path` and looks the host up.
    pub(crate) fn parse(url: &str, trust: Trust) -> anyhow::Result<Target> {
        let help = "write `http://host:port/path`";
        let shown = veil::url(url);
        let uri: Uri = url.parse().with_context(|| format!("`{shown}` is no URL: {help}"))?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            bail!("`{shown}` is no URL: {help}");
        };
        let port = match scheme {
            "http" => 80,
            "https" => 443,
            other => bail!("`{shown}`: `{other}` is not spoken: {help}"),
        };
        if authority.as_str().contains('@') {
            bail!("`{shown}`: credentials go into a field: -H \"Authorization: ...\"");
        }
        let name = authority.host().trim_start_matches('[').trim_end_matches(']');
        if name.is_empty() {
            bail!("`{shown}` names no host: {help}");
        }
        let found = (name, authority.port_u16().unwrap_or(port)).to_socket_addrs();
        let addresses: Vec<SocketAddr> = found.with_context(|| format!("cannot find `{name}`"))?.collect();
        let tls = (scheme == "https").then(|| Tls::new(name, trust)).transpose()?;
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Ok(Target { server: drive::Target { addresses, tls }, host: authority.as_str().to_owned(), path })
    }

    /// Of a server of ours.
    pub(crate) fn of(address: SocketAddr) -> Target {
        let server = drive::Target { addresses: vec![address], tls: None };
        Target { server, host: address.to_string(), path: String::new() }
    }

    /// The path without what a document has behind it.
    pub(crate) fn base_path(&self) -> &str {
        self.path.split('?').next().unwrap_or_default().trim_end_matches('/')
    }

    /// Whether it runs on this machine, as far as its address says.
    pub(crate) fn is_here(&self) -> bool {
        self.server.addresses.iter().all(|address| address.ip().is_loopback())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn urls_are_read() {
        for (url, port, host, path) in [
            ("http://127.0.0.1:8080", 8080, "127.0.0.1:8080", "/"),
            ("http://127.0.0.1", 80, "127.0.0.1", "/"),
            ("http://127.0.0.1:1/v1/pets?limit=5", 1, "127.0.0.1:1", "/v1/pets?limit=5"),
            ("http://[::1]:9/", 9, "[::1]:9", "/"),
            ("https://127.0.0.1/a", 443, "127.0.0.1", "/a"),
            ("https://[::1]:9/", 9, "[::1]:9", "/"),
        ] {
            let target = Target::parse(url, Trust::Roots).unwrap();
            assert_eq!(
                (target.server.addresses[0].port(), &*target.host, &*target.path),
                (port, host, path),
                "{url}"
            );
            assert!(target.is_here());
            assert_eq!(target.server.tls.is_some(), url.starts_with("https"));
        }
        assert_eq!(Target::parse("http://127.0.0.1/v1/?a=b", Trust::Roots).unwrap().base_path(), "/v1");
        assert_eq!(Target::parse("http://127.0.0.1", Trust::Roots).unwrap().base_path(), "");
    }

    #[test]
    fn what_is_no_target_is_told() {
        for (url, expected) in [
            ("localhost:8080", "write `http://host:port/path`"),
            ("/pets", "write `http://host:port/path`"),
            ("ftp://127.0.0.1/", "`ftp` is not spoken"),
            ("http://a:b@127.0.0.1/", "`http://********@127.0.0.1/`: credentials go into a field"),
            ("a:b@127.0.0.1/?k=s3", "write `http://host:port/path`"),
            ("http://no.such.host.invalid/", "cannot find `no.such.host.invalid`: "),
            ("http://:80/", "names no host"),
            ("", "write `http://host:port/path`"),
        ] {
            let error = format!("{:#}", Target::parse(url, Trust::Roots).unwrap_err());
            assert!(error.contains(expected), "{url}: {error}");
            assert!(!error.contains("a:b"), "{error}");
        }
    }
}
