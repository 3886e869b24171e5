//! Methods of one route.

use super::Matched;

/// Methods with a place of their own in a [`MethodTable`]: those a path item can name, in the order that
/// `Allow` lists them. Names are case-sensitive (RFC 9110, 9.1).
const KNOWN: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"];
const GET: usize = 0;
const HEAD: usize = 1;

#[inline]
fn known(method: &[u8]) -> Option<usize> {
    Some(match method {
        b"GET" => GET,
        b"HEAD" => HEAD,
        b"POST" => 2,
        b"PUT" => 3,
        b"PATCH" => 4,
        b"DELETE" => 5,
        b"OPTIONS" => 6,
        b"TRACE" => 7,
        b"QUERY" => 8,
        _ => return None,
    })
}

/// Which operation each method of a route has.
#[derive(Clone, Debug, Default)]
pub(super) struct MethodTable {
    known: [Option<Matched>; KNOWN.len()],
    other: Vec<(Box<str>, Matched)>,
    allow: Box<str>,
}

impl MethodTable {
    /// Adds `method`, or gives back the one that has the place already.
    pub(super) fn add(&mut self, method: &str, matched: Matched) -> Result<(), Matched> {
        let place = match known(method.to_ascii_uppercase().as_bytes()) {
            Some(index) => &mut self.known[index],
            None => {
                if let Some(first) = self.get(method.as_bytes()) {
                    return Err(first);
                }
                self.other.push((method.into(), matched));
                return Ok(());
            }
        };
        match place {
            Some(first) => Err(*first),
            None => {
                *place = Some(matched);
                Ok(())
            }
        }
    }

    /// Adds what `other` has and this table has not.
    pub(super) fn merge(&mut self, other: &MethodTable) {
        for (mine, theirs) in self.known.iter_mut().zip(other.known) {
            *mine = mine.or(theirs);
        }
        for (method, matched) in &other.other {
            if self.get(method.as_bytes()).is_none() {
                self.other.push((method.clone(), *matched));
            }
        }
    }

    /// Ends building: HEAD follows GET where it was not declared (RFC 9110, 9.3.2), and the value of `Allow` is
    /// written.
    pub(super) fn finish(&mut self) {
        self.known[HEAD] = self.known[HEAD].or(self.known[GET]);
        let known =
            KNOWN.iter().zip(&self.known).filter(|(_, matched)| matched.is_some()).map(|(name, _)| *name);
        let names: Vec<&str> = known.chain(self.other.iter().map(|(name, _)| &**name)).collect();
        self.allow = names.join(", ").into();
    }

    /// The operation of `method`.
    #[inline(always)]
    pub(super) fn get(&self, method: &[u8]) -> Option<Matched> {
        match known(method) {
            Some(index) => self.known[index],
            None => {
                self.other.iter().find(|(name, _)| name.as_bytes() == method).map(|&(_, matched)| matched)
            }
        }
    }

    /// Value of the `Allow` field.
    pub(super) fn allow(&self) -> &str {
        &self.allow
    }

    /// Whether no method was added.
    pub(super) fn is_empty(&self) -> bool {
        self.other.is_empty() && self.known.iter().all(Option::is_none)
    }
}
