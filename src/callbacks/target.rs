//! Whom callbacks may reach: a request names the URL, and so may ask for what it could not reach itself.

use std::net::{SocketAddr, ToSocketAddrs};

use mocker_control::Address;
use ureq::http::Uri;

/// Where callbacks must not go: the server's own Admin API.
pub(super) struct Closed(Vec<SocketAddr>);

impl Closed {
    pub(super) fn of(admin: Option<&Address>) -> Closed {
        let Some(Address::Tcp { host, port }) = admin else { return Closed(Vec::new()) };
        Closed(addresses(host, *port))
    }

    /// Why a URL is not called. Whoever has a name of the Admin API that is resolved otherwise by then is refused there,
    /// by the header field of all callbacks.
    pub(super) fn refusal(&self, url: &str) -> Option<&'static str> {
        if !is_http(url) {
            return Some("only http and https URLs are called");
        }
        self.leads_to(url).then_some("no callback may ask the Admin API")
    }

    fn leads_to(&self, url: &str) -> bool {
        // What is no URL is told by whoever calls it.
        let Ok(uri) = url.parse::<Uri>() else { return false };
        let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
        if self.0.iter().all(|address| address.port() != port) {
            return false;
        }
        let called = addresses(uri.host().unwrap_or_default(), port);
        called.iter().any(|called| self.0.iter().any(|closed| is_same(*closed, *called)))
    }
}

/// Whether who connects to `called` may reach who listens on `closed`. The address of all is one's own.
fn is_same(closed: SocketAddr, called: SocketAddr) -> bool {
    let (ours, theirs) = (closed.ip().to_canonical(), called.ip().to_canonical());
    let is_everywhere = ours.is_unspecified() && theirs.is_loopback();
    closed.port() == called.port() && (ours == theirs || theirs.is_unspecified() || is_everywhere)
}

fn addresses(host: &str, port: u16) -> Vec<SocketAddr> {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    (bare, port).to_socket_addrs().map(Iterator::collect).unwrap_or_default()
}

fn is_http(url: &str) -> bool {
    let begins =
        |scheme: &str| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    begins("http://") || begins("https://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_http_is_called() {
        for (url, expected) in [
            ("http://a/b", true),
            ("HTTPS://a", true),
            ("ftp://a", false),
            ("file:///etc/passwd", false),
            ("/relative", false),
            ("http:/a", false),
            ("", false),
        ] {
            assert_eq!(is_http(url), expected, "{url}");
        }
    }

    #[test]
    fn the_admin_api_is_known_by_all_its_names() {
        let at = |host: &str, port| Closed::of(Some(&Address::Tcp { host: host.to_owned(), port }));
        let (loopback, everywhere, plain) = (at("127.0.0.1", 9090), at("0.0.0.0", 9090), at("127.0.0.1", 80));
        for (url, expected) in [
            ("http://127.0.0.1:9090/api/v1/stop", [true, true, false]),
            ("HTTP://user:word@127.0.0.1:9090", [true, true, false]),
            ("https://127.0.0.1:9090/", [true, true, false]),
            ("http://localhost:9090/", [true, true, false]),
            ("http://0.0.0.0:9090/", [true, true, false]),
            ("http://[::ffff:127.0.0.1]:9090/", [true, true, false]),
            ("http://[::]:9090/", [true, true, false]),
            ("http://2130706433:9090/", [true, true, false]),
            ("http://127.1:9090/", [true, true, false]),
            ("http://127.0.0.2:9090/", [false, true, false]),
            ("http://127.0.0.1:9091/", [false, false, false]),
            ("http://127.0.0.1/", [false, false, true]),
            ("http://", [false, false, false]),
        ] {
            let seen = [&loopback, &everywhere, &plain].map(|closed| closed.leads_to(url));
            assert_eq!(seen, expected, "{url}");
        }
        for none in [None, Some(&Address::Off), Some(&Address::Unix("/s".into()))] {
            assert_eq!(Closed::of(none).refusal("http://127.0.0.1:9090/"), None);
        }
    }
}
