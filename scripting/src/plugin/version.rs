//! Versions of plugins (Semantic Versioning 2.0.0, section 2, 9 and 10).

use super::limits::VERSION_LENGTH;

/// Whether a text is a version, as `1.4.0` or `2.0.0-rc.1+build.5`.
pub(super) fn is_version(text: &str) -> bool {
    let (text, build) = split(text, '+');
    let (core, pre_release) = split(text, '-');
    let numbers: Vec<&str> = core.split('.').collect();
    text.len() <= VERSION_LENGTH
        && numbers.len() == 3
        && numbers.iter().all(|number| is_number(number))
        && pre_release
            .is_none_or(|names| names.split('.').all(|name| is_name(name) && !has_leading_zero(name)))
        && build.is_none_or(|names| names.len() <= VERSION_LENGTH && names.split('.').all(is_name))
}

fn split(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(before, after)| (before, Some(after)))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) && !has_leading_zero(text)
}

fn has_leading_zero(text: &str) -> bool {
    text.len() > 1 && text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::{VERSION_LENGTH, is_version};

    #[test]
    fn versions_are_told_from_others() {
        for good in ["0.0.0", "1.10.200", "1.0.0-rc.1", "1.0.0-0a.x-y", "1.0.0+001.b-2", "1.0.0-a+b"] {
            assert!(is_version(good), "{good}");
        }
        let bad =
            ["", "1", "1.0", "1.0.0.0", "v1.0.0", "01.0.0", "1.0.-1", "1.0.0-", "1.0.0-01", "1.0.0-a..b"];
        for bad in bad.into_iter().chain(["1.0.0+", "1.0.0+a+b", "1.0.0-é", " 1.0.0"]) {
            assert!(!is_version(bad), "{bad}");
        }
        assert!(is_version(&format!("1.0.{}", "1".repeat(VERSION_LENGTH - 4))));
        assert!(!is_version(&format!("1.0.{}", "1".repeat(VERSION_LENGTH - 3))));
    }
}
