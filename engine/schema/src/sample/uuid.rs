//! The UUID of a name: a fixed one for each, so that samples are the same everywhere.

/// A version 4 UUID (RFC 9562) whose digits are drawn by Bob Jenkins' small generator, seeded with the name's
/// hash as Java has it for strings. Prism's users know `095be615-a8ad-4c33-8e9c-c7612fbf6c9f`, that of `uuid`.
pub(super) fn of_name(name: &str) -> String {
    let hash =
        name.encode_utf16().fold(0_u32, |hash, unit| hash.wrapping_mul(31).wrapping_add(u32::from(unit)));
    let mut state = [hash; 4];
    let digit = |place| match place {
        '-' | '4' => place,
        _ => {
            let drawn = next(&mut state) >> 28;
            let bits = if place == 'y' { drawn & 0x3 | 0x8 } else { drawn };
            char::from_digit(bits, 16).unwrap_or('0')
        }
    };
    "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx".chars().map(digit).collect()
}

/// Jenkins' JSF with 32 bits.
fn next(state: &mut [u32; 4]) -> u32 {
    let [a, b, c, d] = *state;
    let mixed = a.wrapping_sub(b.rotate_left(27));
    let last = mixed.wrapping_add(d);
    *state = [b ^ c.rotate_left(17), c.wrapping_add(d), last, 0];
    state[3] = state[0].wrapping_add(mixed);
    state[3]
}

#[cfg(test)]
mod tests {
    use super::of_name;

    #[test]
    fn known_names() {
        for (name, expected) in
            [("uuid", "095be615-a8ad-4c33-8e9c-c7612fbf6c9f"), ("id", "497f6eca-6276-4993-bfeb-53cbbbba6f08")]
        {
            assert_eq!(of_name(name), expected, "{name}");
        }
    }
}
