//! The token that clients show.

use std::fmt;

use ring::hmac;
use ring::rand::SystemRandom;

/// A token to compare others with, in a time that does not depend on how much of it is right. Only a keyed hash of it
/// is kept.
#[derive(Clone)]
pub struct Token {
    key: hmac::Key,
    tag: hmac::Tag,
}

/// The system has no random numbers.
#[derive(Debug, thiserror::Error)]
#[error("the system gives no random numbers")]
pub struct NoRandom;

impl Token {
    /// The token that has this text.
    ///
    /// # Errors
    /// [`NoRandom`]
    pub fn new(text: &str) -> Result<Token, NoRandom> {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new()).map_err(|_| NoRandom)?;
        let tag = hmac::sign(&key, text.as_bytes());
        Ok(Token { key, tag })
    }

    /// Whether the text is that of the token.
    pub(crate) fn is(&self, text: &[u8]) -> bool {
        hmac::verify(&self.key, text, self.tag.as_ref()).is_ok()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Token")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::Token;

    #[test]
    fn only_the_same_text_is_the_token() {
        let token = Token::new("sesame").unwrap();
        for (text, expected) in
            [("sesame", true), ("sesam", false), ("sesame ", false), ("", false), ("Sesame", false)]
        {
            assert_eq!(token.is(text.as_bytes()), expected, "{text:?}");
        }
        assert!(!format!("{token:?}").contains("sesame"));
    }
}
