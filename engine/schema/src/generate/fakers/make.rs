//! How texts without a row are put together.

use std::ops::Range;

use fake::Fake;
use fake::faker::lorem::en as lorem;

use super::super::random::Random;
use super::LETTERS;

/// So many words that begin as sentences do.
pub(super) fn sentence(words: Range<usize>, random: &mut Random) -> String {
    capital(&lorem::Sentence(words).fake_with_rng::<String, _>(random))
}

pub(super) fn pick<'a>(random: &mut Random, among: &[&'a str]) -> &'a str {
    among[random.index(among.len())]
}

pub(super) fn word_of(random: &mut Random) -> &'static str {
    lorem::Word().fake_with_rng(random)
}

/// A plain word, always the same for an index.
pub(in super::super) fn word(index: usize) -> &'static str {
    word_of(&mut Random::new(index as u64))
}

pub(super) fn capital(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

pub(super) fn slug(random: &mut Random) -> String {
    format!("{}-{}", word_of(random), word_of(random))
}

pub(super) fn mac(random: &mut Random) -> String {
    let bytes = random.bits().to_le_bytes();
    bytes[..6].iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":")
}

pub(super) fn base64(random: &mut Random, last: &[u8; 2]) -> String {
    let alphabet = [&LETTERS[10..], &LETTERS[..10], last].concat();
    (0..24).map(|_| char::from(alphabet[random.index(64)])).collect()
}

/// A German account number with its check digits (ISO 13616: modulo 97).
pub(super) fn iban(random: &mut Random) -> String {
    let account = format!("{:018}", random.below(1_000_000_000_000_000_000));
    // "DE00" behind the number, letters as 13 and 14
    let number: u128 = format!("{account}131400").parse().unwrap_or(0);
    format!("DE{:02}{account}", 98 - number % 97)
}
