//! Where files are, and how a relative reference leads from one to the next (RFC 3986 §5).

use std::fmt;
use std::path::{Component, Path, PathBuf};

use fluent_uri::{Uri, UriRef};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// Where a file comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Location {
    /// A path of the file system
    File(PathBuf),
    /// An `http` or `https` URL
    Url(String),
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::File(path) => path.display().fmt(f),
            Location::Url(url) => f.write_str(url),
        }
    }
}

/// What RFC 3986 does not allow in a URI and authors write all the same.
const UNSAFE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

impl Location {
    /// The same place always spelt the same, so that a file is read once.
    pub(crate) fn normalized(self) -> Location {
        match self {
            Location::File(path) => Location::File(normalize_path(&path)),
            Location::Url(url) => {
                let plain = url.split('#').next().unwrap_or_default();
                Location::Url(
                    parse_uri(plain).map_or_else(|| plain.to_owned(), |uri| uri.normalize().into_string()),
                )
            }
        }
    }

    /// The file that `reference` (without fragment) names, seen from this one.
    ///
    /// # Errors
    /// One sentence that says why there can be none.
    pub(crate) fn join(&self, reference: &str) -> Result<Location, String> {
        match scheme(reference) {
            Some("http" | "https") => return Ok(Location::Url(reference.to_owned()).normalized()),
            Some("file") if matches!(self, Location::File(_)) => return file_url(reference),
            Some("file") => return Err("a description from the network may not read local files".to_owned()),
            Some(other) => {
                return Err(format!("`{other}:` addresses cannot be read, only http:, https: and files"));
            }
            None => {}
        }
        match self {
            Location::Url(base) => join_url(base, reference).map(Location::Url),
            Location::File(base) => {
                let decoded = decode_path(reference)?;
                let folder = base.parent().unwrap_or(Path::new(""));
                Ok(Location::File(normalize_path(&folder.join(decoded))))
            }
        }
    }
}

/// The scheme of an absolute URI; single letters are Windows drives, not schemes.
pub(crate) fn scheme(reference: &str) -> Option<&str> {
    let (scheme, _) = reference.split_once(':')?;
    let mut bytes = scheme.bytes();
    let starts = bytes.next().is_some_and(|b| b.is_ascii_alphabetic());
    let goes_on = bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'.' | b'-'));
    (starts && goes_on && scheme.len() > 1).then_some(scheme)
}

/// `reference` resolved against the absolute `base` (RFC 3986 §5.2).
///
/// # Errors
/// Says that one of the two is no URI.
pub(crate) fn join_url(base: &str, reference: &str) -> Result<String, String> {
    let base = parse_uri(base).ok_or_else(|| format!("`{base}` is not an absolute URL"))?;
    let encoded = utf8_percent_encode(reference, UNSAFE).to_string();
    let reference = UriRef::parse(encoded.as_str()).map_err(|_| format!("`{reference}` is not a URL"))?;
    let joined = reference.resolve_against(&base.strip_fragment()).map_err(|error| error.to_string())?;
    Ok(joined.normalize().into_string())
}

fn parse_uri(text: &str) -> Option<Uri<String>> {
    Uri::parse(utf8_percent_encode(text, UNSAFE).to_string()).ok()
}

fn file_url(reference: &str) -> Result<Location, String> {
    let rest = reference.trim_start_matches("file:");
    let path = rest
        .strip_prefix("//")
        .map_or(rest, |authority| authority.find('/').map_or("", |at| &authority[at..]));
    Ok(Location::File(normalize_path(Path::new(&decode_path(path)?))))
}

fn decode_path(reference: &str) -> Result<String, String> {
    let decoded = percent_decode_str(reference).decode_utf8();
    let decoded = decoded.map_err(|_| format!("`{reference}` is not UTF-8 once its %xx are undone"))?;
    if decoded.contains('\0') {
        return Err("a file name cannot hold a zero byte".to_owned());
    }
    Ok(decoded.into_owned())
}

/// `.` and `..` taken out by text alone: links are not followed, so that no I/O is needed.
fn normalize_path(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => match out.components().next_back() {
                Some(Component::Normal(_)) => {
                    out.pop();
                }
                Some(Component::RootDir | Component::Prefix(_)) => {}
                _ => out.push(".."),
            },
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn file(path: &str) -> Location {
        Location::File(PathBuf::from(path))
    }

    fn url(url: &str) -> Location {
        Location::Url(url.to_owned())
    }

    #[test]
    fn references_lead_from_file_to_file() {
        let cases = [
            (file("a/b/root.yaml"), "pet.yaml", Ok(file("a/b/pet.yaml"))),
            (file("a/b/root.yaml"), "./x/../pet.yaml", Ok(file("a/b/pet.yaml"))),
            (file("a/b/root.yaml"), "../pet.yaml", Ok(file("a/pet.yaml"))),
            (file("root.yaml"), "../../pet.yaml", Ok(file("../../pet.yaml"))),
            (file("/root.yaml"), "../../pet.yaml", Ok(file("/pet.yaml"))),
            (file("/a/root.yaml"), "my%20pets%2Bmore.yaml", Ok(file("/a/my pets+more.yaml"))),
            (file("/a/root.yaml"), "/etc/x.yaml", Ok(file("/etc/x.yaml"))),
            (file("/a/root.yaml"), "file:///b/x.yaml", Ok(file("/b/x.yaml"))),
            (file("/a/root.yaml"), "http://h/x.yaml", Ok(url("http://h/x.yaml"))),
            (url("http://h/a/b.json"), "c.json", Ok(url("http://h/a/c.json"))),
            (url("http://h/a/b.json?v=1#top"), "../c d.json", Ok(url("http://h/c%20d.json"))),
            (url("http://h/a/b.json"), "//other/c.json", Ok(url("http://other/c.json"))),
            (url("HTTP://H/a/b.json"), "/c.json", Ok(url("http://h/c.json"))),
        ];
        for (base, reference, expected) in cases {
            assert_eq!(base.join(reference), expected, "{base} + {reference}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for (base, reference) in [
            (url("http://h/a.json"), "file:///etc/passwd"),
            (file("a.yaml"), "urn:example:pet"),
            (file("a.yaml"), "ftp://h/x"),
            (file("a.yaml"), "%ff.yaml"),
            (file("a.yaml"), "a%00b"),
        ] {
            assert!(base.join(reference).is_err(), "{base} + {reference}");
        }
    }

    #[test]
    fn one_place_has_one_spelling() {
        assert_eq!(file("./a/../b.yaml").normalized(), file("b.yaml"));
        assert_eq!(url("HTTP://H/a/./b#c").normalized(), url("http://h/a/b"));
    }
}
