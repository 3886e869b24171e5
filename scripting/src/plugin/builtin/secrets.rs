//! Secrets that a request may bring, kept as digests.

use std::hint::black_box;

use ring::digest::{SHA256, SHA256_OUTPUT_LEN, digest};

/// Secrets, each with a name.
pub(super) struct Secrets(Vec<(Digest, Box<str>)>);

type Digest = [u8; SHA256_OUTPUT_LEN];

/// Secrets are not shown.
impl std::fmt::Debug for Secrets {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} secrets", self.0.len())
    }
}

impl Secrets {
    pub(super) fn new<'s>(secrets: impl IntoIterator<Item = (&'s [u8], &'s str)>) -> Secrets {
        Secrets(secrets.into_iter().map(|(secret, name)| (hashed(secret), name.into())).collect())
    }

    /// The name of a secret. The time it takes does not depend on how much of a secret was guessed: digests are
    /// compared whole, with all that there are.
    pub(super) fn name(&self, given: &[u8]) -> Option<&str> {
        let given = hashed(given);
        let mut found = None;
        for (known, name) in &self.0 {
            if is_equal(known, &given) {
                found = Some(&**name);
            }
        }
        found
    }
}

fn hashed(secret: &[u8]) -> Digest {
    let mut bytes = [0; SHA256_OUTPUT_LEN];
    bytes.copy_from_slice(digest(&SHA256, secret).as_ref());
    bytes
}

fn is_equal(one: &Digest, other: &Digest) -> bool {
    let differences = one.iter().zip(other).fold(0, |differences, (a, b)| black_box(differences | (a ^ b)));
    differences == 0
}

#[cfg(test)]
mod tests {
    use super::Secrets;

    #[test]
    fn a_secret_is_found_by_all_of_its_bytes() {
        let secrets = Secrets::new([(&b"one"[..], "first"), (b"two", "second"), (b"one", "third")]);
        for (given, name) in [
            (&b"one"[..], Some("third")),
            (b"two", Some("second")),
            (b"tw", None),
            (b"twoo", None),
            (b"Two", None),
            (b"", None),
        ] {
            assert_eq!(secrets.name(given), name);
        }
        assert_eq!(format!("{secrets:?}"), "3 secrets");
    }
}
