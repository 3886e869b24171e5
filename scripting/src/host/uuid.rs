//! UUIDs (RFC 9562), made from a key.

use mocker_schema::generate::{Key, Random};

/// A random UUID (RFC 9562, section 5.4).
pub fn v4(key: Key) -> String {
    let mut random = Random::new(key.0);
    let bits = u128::from(random.bits()) << 64 | u128::from(random.bits());
    text(bits, 4)
}

/// A UUID that sorts by time (RFC 9562, section 5.7); `now` in milliseconds since 1970, of which times before 1970
/// count as 0.
pub fn v7(key: Key, now: i64) -> String {
    let mut random = Random::new(key.0);
    let time = u128::from(now.max(0) as u64 & 0xffff_ffff_ffff);
    let bits = u128::from(random.bits()) << 64 | u128::from(random.bits());
    text(time << 80 | bits >> 48, 7)
}

/// The bits with version and variant set, in hexadecimal digits.
fn text(bits: u128, version: u128) -> String {
    let bits = bits & !(0xf << 76) | version << 76;
    let bits = bits & !(0b11 << 62) | 0b10 << 62;
    let mut text = String::with_capacity(36);
    for place in (0..32).rev() {
        if matches!(place, 23 | 19 | 15 | 11) {
            text.push('-');
        }
        text.push(char::from(b"0123456789abcdef"[(bits >> (place * 4) & 0xf) as usize]));
    }
    text
}

#[cfg(test)]
mod tests {
    use mocker_schema::generate::Key;

    use super::{text, v4, v7};

    #[test]
    fn versions_and_variants_are_set() {
        assert_eq!(text(0, 4), "00000000-0000-4000-8000-000000000000");
        assert_eq!(text(u128::MAX, 7), "ffffffff-ffff-7fff-bfff-ffffffffffff");
        for number in 0..100 {
            let key = Key(number);
            for (uuid, version) in [(v4(key), b'4'), (v7(key, 1), b'7')] {
                assert_eq!((uuid.len(), uuid.as_bytes()[14]), (36, version), "{uuid}");
                assert!(b"89ab".contains(&uuid.as_bytes()[19]), "{uuid}");
            }
        }
    }

    #[test]
    fn a_key_gives_one_uuid_and_time_sorts() {
        assert_eq!(v4(Key(1)), v4(Key(1)));
        assert_ne!(v4(Key(1)), v4(Key(2)));
        assert!(v7(Key(1), 0x0123_4567_89ab).starts_with("01234567-89ab-7"));
        assert!(v7(Key(9), 1000) < v7(Key(1), 1001));
        assert!(v7(Key(1), -5).starts_with("00000000-0000-7"));
    }
}
