//! `Location` (RFC 9110, section 10.2.2): where what was created is read.

use mocker_openapi::model::Header;

use super::site::Site;
use crate::choice;
use crate::resources::{Place, Role};

/// The path of a read, to be filled in.
#[derive(Debug)]
pub(super) struct Location {
    path: Box<str>,
    /// What may stand before it, the usual first
    prefixes: Box<[Box<str>]>,
    /// Whether it lies within parents
    has_parents: bool,
}

/// It speaks of something else than what was created: `Location` may be where the progress is told.
const ACCEPTED: u16 = 202;

impl Location {
    /// Where `site` says that its new entities are read; `None` where nothing reads them or the author says another.
    pub(super) fn find(site: &Site) -> Option<Location> {
        let document = &site.world.document;
        let (status, response) = {
            let operation = &document.operations[site.found().actions[site.action].operation];
            let (key, response) = &operation.responses[site.usual()?.0];
            (choice::status(*key), response)
        };
        let is_said =
            response.headers.iter().any(|header| is_location(&header.name) && is_said(site, header));
        if site.role() != Role::Create || !(200..300).contains(&status) || status == ACCEPTED || is_said {
            return None;
        }
        let (subject, _) = site.subject();
        let resource = &site.world.resources.found[subject];
        let parents = Place::parse(&resource.collection).variables().len();
        let read = &document.operations[resource.of(Role::Read).next()?.operation];
        let is_fillable = Place::parse(&read.path).variables().len() == parents + 1
            && read.path.matches('{').count() == parents + 1
            && read.path_condition.is_none();
        let prefixes = site.world.options.base_path.prefixes(&document.servers, read);
        is_fillable.then(|| Location {
            path: (*read.path).into(),
            prefixes: prefixes.into_iter().map(Into::into).collect(),
            has_parents: parents > 0,
        })
    }

    /// The header line for an entity within `parents`. `prefix` is what the request's path began with.
    pub(super) fn line(&self, prefix: &str, parents: &[Box<str>], identity: &str) -> Vec<u8> {
        let known = self.prefixes.iter().find(|known| ***known == *prefix).or(self.prefixes.first());
        let mut line = format!("Location: {}", known.map_or("", |known| known));
        let parents = if self.has_parents { parents } else { &[] };
        let mut values = parents.iter().map(|parent| &**parent).chain([identity]);
        let mut rest = &*self.path;
        while let Some((before, behind)) = rest.split_once('{') {
            line.push_str(before);
            encode(values.next().unwrap_or_default(), &mut line);
            rest = behind.split_once('}').map_or("", |(_, behind)| behind);
        }
        line.push_str(rest);
        line.push_str("\r\n");
        line.into_bytes()
    }
}

/// Whether the author writes what stands there; an example is of some other entity.
fn is_said(site: &Site, header: &Header) -> bool {
    header.schema.is_some_and(|schema| site.world.document.schemas[schema].values.is_some())
}

pub(super) fn is_location(header: &str) -> bool {
    header.eq_ignore_ascii_case("location")
}

/// What a path begins with before the part that `template` describes.
pub(super) fn prefix<'p>(path: &'p [u8], template: &str) -> &'p str {
    let count = template.matches('/').count();
    let mut slashes = memchr::memrchr_iter(b'/', path);
    let start = count.checked_sub(1).and_then(|last| slashes.nth(last)).unwrap_or_default();
    std::str::from_utf8(&path[..start]).unwrap_or_default()
}

/// Appends a text as one segment of a path (RFC 3986, section 3.3).
fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9'
            | b'A'..=b'Z'
            | b'a'..=b'z'
            | b'-'
            | b'.'
            | b'_'
            | b'~'
            | b'@'
            | b':'
            | b'$'
            | b'!' => {
                out.push(byte.into());
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_paths_begin_with() {
        for (path, template, expected) in [
            ("/pets", "/pets", ""),
            ("/v1/pets", "/pets", "/v1"),
            ("/api/v1/owners/7/pets", "/owners/{id}/pets", "/api/v1"),
            ("/v1/pets/", "/pets/", "/v1"),
            ("/pets", "/a/b/c", ""),
        ] {
            assert_eq!(prefix(path.as_bytes(), template), expected, "{path}");
        }
    }

    #[test]
    fn lines_are_filled_in() {
        let location = |path: &str, has_parents| Location {
            path: path.into(),
            prefixes: ["".into(), "/v1".into()].into(),
            has_parents,
        };
        for (path, has_parents, prefix, identity, expected) in [
            ("/pets/{id}", false, "/v1", "7", "/v1/pets/7"),
            ("/pets/{id}", false, "/other", "7", "/pets/7"),
            (
                "/owners/{owner}/pets/{id}.json",
                true,
                "",
                "a/b ü\r\n",
                "/owners/p%3Fq/pets/a%2Fb%20%C3%BC%0D%0A.json",
            ),
        ] {
            let line = location(path, has_parents).line(prefix, &["p?q".into()], identity);
            assert_eq!(line, format!("Location: {expected}\r\n").into_bytes());
        }
    }
}
