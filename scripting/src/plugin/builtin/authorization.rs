//! The `Authorization` header (RFC 9110, section 11.6.2).

use crate::Request;

/// What follows the scheme in the `Authorization` header, when it is this scheme.
pub(super) fn credentials(request: &Request, scheme: &str) -> Option<String> {
    let field = request.field("authorization")?;
    of_scheme(&field, scheme).map(str::to_owned)
}

fn of_scheme<'f>(field: &'f str, scheme: &str) -> Option<&'f str> {
    let (sent, rest) = field.trim_matches([' ', '\t']).split_once(' ')?;
    let rest = rest.trim_start_matches(' ');
    (sent.eq_ignore_ascii_case(scheme) && !rest.is_empty()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::of_scheme;

    #[test]
    fn the_scheme_is_told_without_regard_to_case() {
        for (field, credentials) in [
            ("Bearer abc", Some("abc")),
            ("bEARER   abc ", Some("abc")),
            ("Bearer", None),
            ("Bearer ", None),
            ("Bearerabc", None),
            ("Basic abc", None),
            ("", None),
            ("Bearer é", Some("é")),
        ] {
            assert_eq!(of_scheme(field, "Bearer"), credentials, "{field}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(field in any::<String>()) {
            if let Some(credentials) = of_scheme(&field, "Basic") {
                prop_assert!(field.ends_with(credentials.trim_end()) || field.contains(credentials));
                prop_assert!(!credentials.starts_with(' '));
            }
        }

        #[test]
        fn what_is_sent_is_found(token in "[!-~]{1,40}", blanks in " {1,3}") {
            let field = format!("Basic{blanks}{token}");
            prop_assert_eq!(of_scheme(&field, "basic"), Some(&*token));
        }
    }
}
