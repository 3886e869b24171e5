//! Random values, each a function of its key: the same key gives the same value on every machine.

use mocker_schema::generate::{Key, Random};

use super::limits;

/// Letters and digits, from which [`string`] draws where no alphabet is given.
pub const ALPHANUMERIC: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// An integer from `min` to `max`, both included.
///
/// # Errors
/// When `min` is above `max`.
pub fn int(key: Key, min: i64, max: i64) -> Result<i64, String> {
    if min > max {
        return Err(format!("the least number, {min}, is above the greatest, {max}"));
    }
    let mut random = Random::new(key.0);
    Ok(match max.abs_diff(min).checked_add(1) {
        Some(count) => min.wrapping_add_unsigned(random.below(count)),
        None => random.bits() as i64,
    })
}

/// A number from `min` up to, without, `max`.
///
/// # Errors
/// When `min` is above `max`, or either is not finite.
pub fn float(key: Key, min: f64, max: f64) -> Result<f64, String> {
    if !(min <= max && (max - min).is_finite()) {
        return Err(format!("the least number, {min}, and the greatest, {max}, span no finite range"));
    }
    Ok(min + unit(&mut Random::new(key.0)) * (max - min))
}

/// `true` in so many of all cases: 0.0 for never, 1.0 for always.
///
/// # Errors
/// When `probability` is not from 0 to 1.
pub fn bool(key: Key, probability: f64) -> Result<bool, String> {
    if !(0.0..=1.0).contains(&probability) {
        return Err(format!("a probability is from 0 to 1, not {probability}"));
    }
    Ok(unit(&mut Random::new(key.0)) < probability)
}

/// The index of one of `length` elements.
///
/// # Errors
/// When there is none to choose.
pub fn choice(key: Key, length: usize) -> Result<usize, String> {
    match length {
        0 => Err("nothing can be chosen from an empty list".into()),
        _ => Ok(Random::new(key.0).index(length)),
    }
}

/// The index of one weight, chosen as often as it is heavy among all.
///
/// # Errors
/// When there is no weight above zero, or one below zero or not finite.
pub fn weighted(key: Key, weights: &[f64]) -> Result<usize, String> {
    limits::check("a list with a length", weights.len(), limits::LIST_LENGTH)?;
    if let Some(wrong) = weights.iter().find(|weight| !(weight.is_finite() && **weight >= 0.0)) {
        return Err(format!("a weight is a number from 0 on, not {wrong}"));
    }
    let total: f64 = weights.iter().sum();
    let Some(last) = weights.iter().rposition(|weight| *weight > 0.0).filter(|_| total.is_finite()) else {
        return Err("one of the weights must be above 0, and their sum finite".into());
    };
    let mut left = unit(&mut Random::new(key.0)) * total;
    let chosen = weights.iter().position(|weight| {
        left -= weight;
        left < 0.0
    });
    // Rounding can leave a rest behind the last one.
    Ok(chosen.unwrap_or(last))
}

/// Brings the elements into another order; every order is equally likely.
///
/// # Errors
/// When there are more than [`limits::LIST_LENGTH`].
pub fn shuffle<T>(key: Key, elements: &mut [T]) -> Result<(), String> {
    limits::check("a list with a length", elements.len(), limits::LIST_LENGTH)?;
    let mut random = Random::new(key.0);
    for last in (1..elements.len()).rev() {
        elements.swap(last, random.index(last + 1));
    }
    Ok(())
}

/// So many characters of an alphabet, in which a character may stand more than once.
///
/// # Errors
/// When the alphabet is empty, or more than [`limits::DRAWN_LENGTH`] are asked for.
pub fn string(key: Key, length: usize, alphabet: &str) -> Result<String, String> {
    limits::check("a random text with a length", length, limits::DRAWN_LENGTH)?;
    limits::check("an alphabet with a length", alphabet.len(), limits::DRAWN_LENGTH)?;
    let characters: Vec<char> = alphabet.chars().collect();
    if characters.is_empty() {
        return Err("the alphabet to draw from is empty".into());
    }
    let mut random = Random::new(key.0);
    Ok((0..length).map(|_| characters[random.index(characters.len())]).collect())
}

/// So many hexadecimal digits.
///
/// # Errors
/// When more than [`limits::DRAWN_LENGTH`] are asked for.
pub fn hex(key: Key, length: usize) -> Result<String, String> {
    string(key, length, "0123456789abcdef")
}

/// A number from 0 up to, without, 1, with all 53 bits of a double's fraction.
fn unit(random: &mut Random) -> f64 {
    (random.bits() >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use mocker_schema::generate::Key;

    use super::{bool, choice, float, hex, int, limits, shuffle, string, weighted};

    fn keys() -> impl Iterator<Item = Key> {
        (0..2000).map(|number| Key(7).with_number(number))
    }

    #[test]
    fn integers_fill_their_range() {
        let mut seen: Vec<i64> = keys().map(|key| int(key, -2, 3).expect("a range")).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen, [-2, -1, 0, 1, 2, 3]);
        assert_eq!(int(Key(1), 5, 5), Ok(5));
        assert_eq!(int(Key(1), 2, 1), Err("the least number, 2, is above the greatest, 1".into()));
        assert_ne!(int(Key(1), i64::MIN, i64::MAX), int(Key(2), i64::MIN, i64::MAX));
    }

    #[test]
    fn floats_and_truths_keep_to_what_was_asked() {
        assert!(keys().all(|key| (1.5..2.5).contains(&float(key, 1.5, 2.5).expect("a range"))));
        assert!(float(Key(1), 0.0, f64::NAN).is_err());
        assert!(float(Key(1), f64::MIN, f64::MAX).is_err());
        assert!(keys().all(|key| bool(key, 1.0) == Ok(true) && bool(key, 0.0) == Ok(false)));
        let truths = keys().filter(|key| bool(*key, 0.25) == Ok(true)).count();
        assert!((400..600).contains(&truths), "{truths} of 2000");
        assert!(bool(Key(1), 1.5).is_err());
    }

    #[test]
    fn choices_follow_their_weights() {
        let counts = keys().fold([0; 3], |mut counts, key| {
            counts[weighted(key, &[1.0, 0.0, 3.0]).expect("weights")] += 1;
            counts
        });
        assert!(counts[1] == 0 && (400..600).contains(&counts[0]), "{counts:?}");
        for wrong in [&[][..], &[0.0], &[-1.0, 2.0], &[f64::NAN], &[f64::MAX, f64::MAX]] {
            assert!(weighted(Key(1), wrong).is_err(), "{wrong:?}");
        }
        assert!(choice(Key(1), 0).is_err());
        assert!(keys().all(|key| choice(key, 3).is_ok_and(|index| index < 3)));
    }

    #[test]
    fn a_shuffle_loses_nothing_and_repeats() {
        let shuffled = |key| {
            let mut numbers: Vec<u32> = (0..50).collect();
            shuffle(key, &mut numbers).expect("a short list");
            numbers
        };
        assert_eq!(shuffled(Key(1)), shuffled(Key(1)));
        assert_ne!(shuffled(Key(1)), shuffled(Key(2)));
        let mut sorted = shuffled(Key(1));
        sorted.sort_unstable();
        assert_eq!(sorted, (0..50).collect::<Vec<_>>());
    }

    #[test]
    fn texts_have_the_length_asked_for() {
        assert_eq!(string(Key(1), 3, "ü").as_deref(), Ok("üüü"));
        assert!(string(Key(1), 3, "").is_err());
        assert_eq!(hex(Key(1), limits::DRAWN_LENGTH).map(|text| text.len()), Ok(limits::DRAWN_LENGTH));
        assert!(hex(Key(1), limits::DRAWN_LENGTH + 1).is_err());
    }
}
