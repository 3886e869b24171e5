//! The interpreter: instructions to bytes.

use super::Key;
use super::block::{Block, Member, Op};
use super::random::Random;

const HEX: &[u8; 512] = &hex_pairs();

const fn hex_pairs() -> [u8; 512] {
    let digits = *b"0123456789abcdef";
    let mut table = [0; 512];
    let mut byte = 0;
    while byte < 256 {
        table[byte * 2] = digits[byte >> 4];
        table[byte * 2 + 1] = digits[byte & 15];
        byte += 1;
    }
    table
}

impl Block {
    /// Appends what the block makes of `random`.
    pub(super) fn write(&self, random: &mut Random, out: &mut Vec<u8>) {
        for op in &self.ops {
            op.write(random, out);
        }
    }

    /// One of the block's texts, for judging: each stands for another object.
    pub(super) fn sample(&self, random: &mut Random) -> Vec<u8> {
        let mut text = Vec::new();
        random.rows = random.bits();
        self.write(random, &mut text);
        text
    }
}

impl Op {
    #[inline]
    fn write(&self, random: &mut Random, out: &mut Vec<u8>) {
        match self {
            Op::Literal(bytes) => out.extend_from_slice(bytes),
            Op::Pool(pool) => out.extend_from_slice(pool.get(random.index(pool.len()))),
            Op::Row { pool, rows, salt } => {
                let mut chosen = Random::new(random.rows ^ salt);
                let row = match rows {
                    None => chosen.index(pool.len()),
                    Some(rows) => usize::from(rows[chosen.index(rows.len())]),
                };
                out.extend_from_slice(pool.get(row));
            }
            Op::Scope(body) => {
                let outer = random.rows;
                random.rows = random.bits();
                body.write(random, out);
                random.rows = outer;
            }
            Op::Number { first, step, count, scale, fixed } => {
                let value = first.wrapping_add(step.wrapping_mul(random.below(*count) as i64));
                match fixed {
                    true => write_fixed(value, *scale, out),
                    false => write_scaled(value, *scale, out),
                }
            }
            Op::Uuid => write_uuid(random, out),
            Op::Characters { alphabet, length } => write_characters(alphabet, *length, random, out),
            Op::Repeat { least, spread, body } => {
                let count = u64::from(*least) + random.below(u64::from(*spread));
                for index in 0..count {
                    if index > 0 {
                        out.push(b',');
                    }
                    body.write(random, out);
                }
            }
            Op::Choice(blocks) => blocks[random.index(blocks.len())].write(random, out),
            Op::Members(members) => {
                let key = Key(random.bits());
                write_members(members.iter().map(|member| (member, ())), out, |member, (), out| {
                    member.write(key, out);
                });
            }
        }
    }
}

impl Member {
    /// Appends the member's value in the object of `key`.
    #[inline]
    pub(super) fn write(&self, key: Key, out: &mut Vec<u8>) {
        let mut random = Random::new(key.with_number(self.salt).0);
        random.rows = key.0;
        self.value.write(&mut random, out);
    }
}

/// Appends an object; `value` appends the value of each member.
#[inline]
pub(super) fn write_members<'m, T>(
    members: impl Iterator<Item = (&'m Member, T)>,
    out: &mut Vec<u8>,
    mut value: impl FnMut(&'m Member, T, &mut Vec<u8>),
) {
    out.push(b'{');
    for (index, (member, with)) in members.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend_from_slice(&member.lead);
        value(member, with, out);
    }
    out.push(b'}');
}

/// Appends `value / 10^scale` exactly, without trailing zeros.
pub(super) fn write_scaled(value: i64, scale: u8, out: &mut Vec<u8>) {
    let mut digits = itoa::Buffer::new();
    if scale == 0 {
        out.extend_from_slice(digits.format(value).as_bytes());
        return;
    }
    let (mut magnitude, mut scale) = (value.unsigned_abs(), scale);
    while scale > 0 && magnitude.is_multiple_of(10) {
        magnitude /= 10;
        scale -= 1;
    }
    write_decimal(value < 0, magnitude, scale, out);
}

/// Appends `value / 10^scale` with as many digits behind the point.
pub(super) fn write_fixed(value: i64, scale: u8, out: &mut Vec<u8>) {
    write_decimal(value < 0, value.unsigned_abs(), scale, out);
}

fn write_decimal(is_negative: bool, magnitude: u64, scale: u8, out: &mut Vec<u8>) {
    let (mut digits, scale) = (itoa::Buffer::new(), usize::from(scale));
    if is_negative {
        out.push(b'-');
    }
    let text = digits.format(magnitude).as_bytes();
    let whole = text.len().saturating_sub(scale);
    match whole {
        0 => out.push(b'0'),
        _ => out.extend_from_slice(&text[..whole]),
    }
    if scale > 0 {
        out.push(b'.');
        out.resize(out.len() + scale.saturating_sub(text.len()), b'0');
        out.extend_from_slice(&text[whole..]);
    }
}

fn write_uuid(random: &mut Random, out: &mut Vec<u8>) {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&random.bits().to_le_bytes());
    bytes[8..].copy_from_slice(&random.bits().to_le_bytes());
    // RFC 9562, 5.4: version 4, variant 10
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = [b'-'; 38];
    text[0] = b'"';
    text[37] = b'"';
    let mut at = 1;
    for (index, byte) in bytes.into_iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            at += 1;
        }
        let pair = usize::from(byte) * 2;
        text[at..at + 2].copy_from_slice(&HEX[pair..pair + 2]);
        at += 2;
    }
    out.extend_from_slice(&text);
}

fn write_characters(alphabet: &[u8], length: u32, random: &mut Random, out: &mut Vec<u8>) {
    let count = alphabet.len() as u64;
    let (mut drawn, mut left) = (0_u64, 0);
    out.extend((0..length).map(|_| {
        if left == 0 {
            (drawn, left) = (random.bits(), 8);
        }
        let index = ((drawn & 0xff) * count) >> 8;
        drawn >>= 8;
        left -= 1;
        alphabet[index as usize]
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_written_exactly_and_short() {
        let cases = [
            (1999, 2, "19.99"),
            (1990, 2, "19.9"),
            (1900, 2, "19"),
            (-5, 1, "-0.5"),
            (5, 3, "0.005"),
            (0, 2, "0"),
            (-1200, 2, "-12"),
            (i64::MIN, 0, "-9223372036854775808"),
            (i64::MIN, 3, "-9223372036854775.808"),
            (7, 0, "7"),
        ];
        for (value, scale, expected) in cases {
            let mut out = Vec::new();
            write_scaled(value, scale, &mut out);
            assert_eq!(String::from_utf8(out).unwrap_or_default(), expected);
        }
        for (value, expected) in
            [(1999, "19.99"), (1990, "19.90"), (1900, "19.00"), (5, "0.05"), (-50, "-0.50")]
        {
            let mut out = Vec::new();
            write_fixed(value, 2, &mut out);
            assert_eq!(String::from_utf8(out).unwrap_or_default(), expected);
        }
    }

    #[test]
    fn a_uuid_has_its_version_and_variant() {
        for seed in 0..200 {
            let mut out = Vec::new();
            write_uuid(&mut Random::new(seed), &mut out);
            let text = String::from_utf8(out).unwrap_or_default();
            assert_eq!(text.len(), 38);
            assert_eq!(&text[15..16], "4");
            assert!(["8", "9", "a", "b"].contains(&&text[20..21]), "{text}");
        }
    }
}
