//! Payment cards whose number is of the brand, ends in the last four digits and has the right check digit.

use super::random::Random;
use super::rows::ROWS;

/// Brand, first digits kept for tests, digits in all, digits of the security code.
const BRANDS: [(&str, &str, usize, usize); 4] = [
    ("visa", "424242", 16, 3),
    ("mastercard", "555555", 16, 3),
    ("amex", "378282", 15, 4),
    ("discover", "601111", 16, 3),
];

pub(super) struct Card {
    pub(super) brand: &'static str,
    pub(super) number: String,
    pub(super) code: String,
}

impl Card {
    pub(super) fn last_four(&self) -> String {
        self.number.chars().skip(self.number.len() - 4).collect()
    }

    /// The first six digits, which say who issued it.
    pub(super) fn issuer(&self) -> String {
        self.number.chars().take(6).collect()
    }
}

pub(super) fn cards() -> Vec<Card> {
    let mut random = Random::new(6);
    (0..ROWS)
        .map(|row| {
            let (brand, first, length, code) = BRANDS[row % BRANDS.len()];
            let mut digits = |count| (0..count).map(|_| digit(random.below(10))).collect::<String>();
            let number = format!("{first}{}", digits(length - first.len() - 1));
            let number = format!("{number}{}", check_digit(&number));
            Card { brand, number, code: digits(code) }
        })
        .collect()
}

fn digit(value: u64) -> char {
    char::from(b'0' + (value % 10) as u8)
}

/// The digit that makes a number of cards right (ISO/IEC 7812-1, the Luhn formula).
fn check_digit(number: &str) -> char {
    let digits = number.chars().rev().filter_map(|character| character.to_digit(10)).map(u64::from);
    let weighed = digits.zip([2, 1].into_iter().cycle());
    let sum: u64 = weighed.map(|(digit, weight)| digit * weight).map(|value| value / 10 + value % 10).sum();
    digit(10 - sum % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_check_digit() {
        for (number, expected) in
            [("424242424242424", '2'), ("37828224631000", '5'), ("555555555555444", '4')]
        {
            assert_eq!(check_digit(number), expected, "{number}");
        }
        for card in cards() {
            let (number, check) = card.number.split_at(card.number.len() - 1);
            assert_eq!(check_digit(number).to_string(), check);
            assert_eq!(card.code.len() == 4, card.brand == "amex", "{}", card.number);
        }
    }
}
