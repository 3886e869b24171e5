//! The path under which a server's operations are.

use crate::Location;
use crate::location::{join_url, scheme};

/// The path of a server's URL, without a final slash. Relative URLs are resolved against the
/// document's own, or against `/` where it has none.
///
/// # Errors
/// One sentence that says what is wrong with the URL.
pub(crate) fn base_path(url: &str, document: &Location) -> Result<String, String> {
    let url = url.trim();
    let base = match document {
        Location::Url(base) => base.as_str(),
        Location::File(_) => "http://localhost/",
    };
    // `localhost:8080/v1` and `api.example.com:443`: the port makes them look like a scheme
    let absolute = match scheme(url) {
        Some("http" | "https" | "ws" | "wss") => join_url(base, url)?,
        Some(_) if is_host_and_port(url) => join_url(base, &format!("//{url}"))?,
        _ => join_url(base, url)?,
    };
    let behind = absolute.split_once("://").map_or("", |(_, behind)| behind);
    let path = behind.find('/').map_or("", |at| &behind[at..]);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    Ok(path.trim_end_matches('/').to_owned())
}

fn is_host_and_port(url: &str) -> bool {
    let port = url.split_once(':').map(|(_, rest)| rest.split('/').next().unwrap_or_default());
    port.is_some_and(|port| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::base_path;
    use crate::Location;

    #[test]
    fn paths_of_servers() {
        let file = Location::File(PathBuf::from("api.yaml"));
        let url = Location::Url("https://h/docs/v3/api.json".to_owned());
        for (server, of_file, of_url) in [
            ("https://api.example.com", "", ""),
            ("https://api.example.com/", "", ""),
            ("https://api.example.com/v1/", "/v1", "/v1"),
            ("https://api.example.com/v1?x=1#y", "/v1", "/v1"),
            ("https://api.example.com:8443/a//b", "/a//b", "/a//b"),
            ("//api.example.com/v1", "/v1", "/v1"),
            ("/v1", "/v1", "/v1"),
            ("v1", "/v1", "/docs/v3/v1"),
            ("./v1", "/v1", "/docs/v3/v1"),
            ("../v1", "/v1", "/docs/v1"),
            ("/", "", ""),
            ("", "", "/docs/v3/api.json"),
            ("localhost:8080/v1", "/v1", "/v1"),
            ("https://h/a b", "/a%20b", "/a%20b"),
            ("https://h/{x}", "/%7Bx%7D", "/%7Bx%7D"),
        ] {
            assert_eq!(base_path(server, &file).as_deref(), Ok(of_file), "{server}");
            assert_eq!(base_path(server, &url).as_deref(), Ok(of_url), "{server}");
        }
    }

    #[test]
    fn what_is_no_url() {
        let file = Location::File(PathBuf::from("api.yaml"));
        for server in ["http://[::1/v1", "https://exa mple.com:port/"] {
            assert!(base_path(server, &file).is_err(), "{server}");
        }
    }
}
