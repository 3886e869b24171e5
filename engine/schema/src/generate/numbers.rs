//! Numbers: exact decimals in a range, by a step.

use std::sync::Arc;

use serde_json::Number;

use super::block::{Block, Op};
use super::compile::{Compiler, Place};
use super::fail::Fail;
use super::fakers;
use super::family::Family;
use super::merge::Merged;
use super::names::{self, Era};
use super::rows::Group;
use super::told::Why;
use crate::Types;
use crate::format::Format;

/// Digits behind the point that bounds and steps may have; more are beyond exact arithmetic.
const SCALE: u8 = 9;
/// Digits behind the point that degrees have.
const DEGREES: u8 = 4;
/// How many steps from a single bound values are drawn.
const REACH: i128 = 999;
/// Values to draw from for each one that must differ from the others.
const SPARE: i128 = 4;

/// `mantissa / 10^scale`
#[derive(Clone, Copy, Debug, PartialEq)]
struct Decimal {
    mantissa: i128,
    scale: u8,
}

impl Decimal {
    /// The number exactly as it is written; `None` where it is too large or too fine.
    fn parse(number: &Number) -> Option<Decimal> {
        let text = number.to_string();
        let (digits, exponent) = match text.split_once(['e', 'E']) {
            Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
            None => (&*text, 0),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let fraction = fraction.trim_end_matches('0');
        let mantissa: i128 = format!("{whole}{fraction}").parse().ok()?;
        let scale = i32::try_from(fraction.len()).ok()? - exponent;
        match scale {
            0.. if scale <= i32::from(SCALE) => Some(Decimal { mantissa, scale: scale as u8 }),
            -18..0 => Some(Decimal { mantissa: mantissa.checked_mul(10_i128.pow(-scale as u32))?, scale: 0 }),
            _ => None,
        }
    }

    /// The mantissa at a finer or equal scale.
    fn at(self, scale: u8) -> Option<i128> {
        self.mantissa.checked_mul(10_i128.pow(u32::from(scale.checked_sub(self.scale)?)))
    }
}

/// Bounds and steps of a conjunction.
#[derive(Default)]
struct Bounds<'s> {
    least: Option<(&'s Number, bool)>,
    most: Option<(&'s Number, bool)>,
    steps: Vec<&'s Number>,
    range: Option<(i128, i128)>,
}

impl<'s> Compiler<'s> {
    /// A number that obeys every atom of `merged`.
    pub(super) fn number(&mut self, merged: &Merged<'s>, place: Place<'_>) -> Result<Block, Fail> {
        let bounds = Bounds::of(merged);
        let is_whole = !merged.types.contains(Types::FRACTION);
        if let Some(block) = self.degrees(&bounds, place).filter(|_| !is_whole && merged.sound) {
            return Ok(block);
        }
        let hint = self.number_hint(merged, place).filter(|hint| bounds.leaves(*hint));
        let scale = bounds.scale(is_whole, hint);
        let Some((low, high, step)) = bounds.exact(scale, is_whole) else {
            return bounds.extreme(merged);
        };
        let first = low.map(|low| ceiling(low, step));
        let last = high.map(|high| high.div_euclid(step));
        if let (Some(first), Some(last)) = (first, last)
            && first > last
        {
            return Err(bounds.contradiction(merged));
        }
        let different = (place.different as i128).saturating_mul(SPARE);
        let usual = natural(hint, scale, step);
        let usual = (usual.0, usual.1.max(usual.0.saturating_add(different)));
        let (first, last) = within(first, last, usual, REACH.max(different));
        let (first, last) = parted(first, last, self.part(hint, place));
        let values = (first.checked_mul(step), i64::try_from(step), u64::try_from(last - first + 1));
        let (Some(first), Ok(step), Ok(count)) = values else { return bounds.extreme(merged) };
        match (i64::try_from(first), merged.types.contains(Types::INTEGER)) {
            (Ok(first), true)
                if merged.sound && hint.is_some_and(|hint| hint.fixed && hint.scale == scale) =>
            {
                Ok(Block::of(Op::Number { first, step, count, scale, fixed: true }))
            }
            (Ok(first), true) if merged.sound => Ok(drawn(first, step, count, scale)),
            (Ok(first), true) => Ok(spread(first, step, count, scale)),
            (Ok(first), false) => fractions(first, step, count, scale)
                .ok_or_else(|| Fail::contradiction(merged.schema(), "no fraction lies within the bounds")),
            (Err(_), _) => bounds.extreme(merged),
        }
    }

    /// What led to numbers from `least` to `most`.
    pub(super) fn number_why(
        &self,
        merged: &Merged<'s>,
        place: Place<'_>,
        (least, most): (f64, f64),
    ) -> Option<Why> {
        let bounds = Bounds::of(merged);
        let is_bound = bounds.least.is_some() || bounds.most.is_some() || !bounds.steps.is_empty();
        let has_format = merged.atoms.iter().any(|(_, schema)| schema.format == Some(Format::UnixTime));
        let is_usual = |range: &names::Range| {
            let unit = 10_f64.powi(range.scale.into());
            range.low as f64 / unit <= least && most <= range.high as f64 / unit
        };
        match self.number_hint(merged, place).filter(is_usual) {
            Some(_) if has_format => Some(Why::Format(Format::UnixTime.name())),
            Some(_) => Some(Why::Name(place.name.to_owned())),
            None => is_bound.then_some(Why::Bounds),
        }
    }

    /// The latitude or longitude of the place that the object is at.
    fn degrees(&self, bounds: &Bounds<'_>, place: Place<'_>) -> Option<Block> {
        let family = place.family.filter(|_| place.different == 0)?;
        let faker = fakers::degrees(names::string(place.name, place.parent)?)?;
        let pool = &fakers::filled(self.options.locale, faker).pool;
        let (low, high, step) = bounds.exact(DEGREES, false)?;
        let suits = |text: &[u8]| {
            let number: Option<Number> = serde_json::from_slice(text).ok();
            let value = number.and_then(|number| Decimal::parse(&number)?.at(DEGREES));
            value.is_some_and(|value| {
                low.is_none_or(|low| low <= value)
                    && high.is_none_or(|high| value <= high)
                    && value % step == 0
            })
        };
        let salt = family.salt(place.name, Group::Place);
        pool.iter().all(suits).then(|| Block::of(Op::Row { pool: Arc::clone(pool), rows: None, salt }))
    }

    /// Which third of the usual numbers a name asks for; times have theirs in the range already.
    fn part(&self, hint: Option<names::Range>, place: Place<'_>) -> Option<Era> {
        let is_time = hint.is_some_and(|hint| hint.low >= names::UNIX_TIME.low);
        names::part(place.name, place.parent).filter(|_| !is_time && place.different == 0)
    }

    /// The range that name and format suggest.
    fn number_hint(&self, merged: &Merged<'s>, place: Place<'_>) -> Option<names::Range> {
        if let Some(range) = self.added_range(merged, place) {
            return Some(range);
        }
        let mut formats = merged.atoms.iter().filter_map(|(_, schema)| schema.format);
        let is_whole = !merged.types.contains(Types::FRACTION);
        let range = match formats.any(|format| format == Format::UnixTime) {
            true => names::UNIX_TIME,
            false => {
                let is_rate = place.family.is_some_and(Family::is_rate_limit);
                names::number(place.name, if is_rate { "rate" } else { place.parent }, is_whole)?
            }
        };
        Some(names::era(place.name, place.parent).map_or(range, |era| era.of_seconds(range)))
    }
}

/// The lower, the middle or the upper third of a range, so that what is an average lies between the least and the most.
fn parted(first: i128, last: i128, part: Option<Era>) -> (i128, i128) {
    let third = (last - first) / 3;
    match part {
        Some(Era::Begin) if first < last => (first, first + third),
        Some(Era::Middle) if first < last => (first + third, last - third),
        Some(Era::End) if first < last => (last - third, last),
        _ => (first, last),
    }
}

impl<'s> Bounds<'s> {
    /// Whether a range that has a fixed number of digits can keep them.
    fn leaves(&self, hint: names::Range) -> bool {
        if !hint.fixed {
            return true;
        }
        let bounds = self.exact(hint.scale, false);
        bounds.is_some_and(|(low, high, step)| match (low, high) {
            (Some(low), Some(high)) => ceiling(low, step) <= high.div_euclid(step),
            _ => true,
        })
    }

    fn of(merged: &Merged<'s>) -> Bounds<'s> {
        let mut bounds = Bounds::default();
        for (_, schema) in &merged.atoms {
            if let Some((low, high)) = schema.format.and_then(Format::range) {
                let (a, b) = bounds.range.unwrap_or((low, high));
                bounds.range = Some((a.max(low), b.min(high)));
            }
            let Some(rules) = &schema.number else { continue };
            let lows = [(&rules.minimum, false), (&rules.exclusive_minimum, true)];
            for (number, open) in lows.into_iter().filter_map(|(number, open)| Some((number.as_ref()?, open)))
            {
                if bounds.least.is_none_or(|(known, _)| is_above(number, known) || open && number == known) {
                    bounds.least = Some((number, open));
                }
            }
            let highs = [(&rules.maximum, false), (&rules.exclusive_maximum, true)];
            for (number, open) in
                highs.into_iter().filter_map(|(number, open)| Some((number.as_ref()?, open)))
            {
                if bounds.most.is_none_or(|(known, _)| is_above(known, number) || open && number == known) {
                    bounds.most = Some((number, open));
                }
            }
            bounds.steps.extend(&rules.multiple_of);
        }
        bounds
    }

    /// Digits behind the point that values get.
    fn scale(&self, is_whole: bool, hint: Option<names::Range>) -> u8 {
        let finest = |numbers: &mut dyn Iterator<Item = &Number>| {
            numbers.filter_map(Decimal::parse).map(|decimal| decimal.scale).max().unwrap_or(0)
        };
        let bounds = self.least.iter().chain(&self.most).map(|(number, _)| *number);
        match (self.steps.is_empty(), is_whole) {
            (false, _) => finest(&mut self.steps.iter().copied()),
            (true, true) => 0,
            (true, false) => {
                let fine = finest(&mut bounds.into_iter());
                // one digit more than the bounds have, so that something lies between them
                let needed = if fine == 0 { 0 } else { (fine + 1).min(SCALE) };
                match hint {
                    Some(hint) if hint.fixed => hint.scale,
                    hint => needed.max(hint.map_or(2, |hint| hint.scale)),
                }
            }
        }
    }

    /// Inclusive bounds and step as integers at `scale`; `None` where they cannot be had exactly.
    #[allow(clippy::type_complexity)]
    fn exact(&self, scale: u8, is_whole: bool) -> Option<(Option<i128>, Option<i128>, i128)> {
        let unit = 10_i128.pow(u32::from(scale));
        let mut step = if is_whole { unit } else { 1 };
        for each in &self.steps {
            step = least_common(step, Decimal::parse(each)?.at(scale)?)?;
        }
        let mut low = match self.least {
            Some((number, open)) => lower(number, open, scale)?,
            None => None,
        };
        let mut high = match self.most {
            Some((number, open)) => upper(number, open, scale)?,
            None => None,
        };
        if let Some((least, most)) = self.range {
            low = Some(low.unwrap_or(i128::MIN).max(least.checked_mul(unit)?));
            high = Some(high.unwrap_or(i128::MAX).min(most.checked_mul(unit)?));
        }
        Some((low, high, step))
    }

    /// Where exact arithmetic ends: a bound itself, if it may be taken.
    fn extreme(&self, merged: &Merged<'_>) -> Result<Block, Fail> {
        let taken = [self.least, self.most].into_iter().flatten().find(|(_, open)| !open);
        match (taken, self.steps.as_slice()) {
            (_, [step, ..]) if self.least.is_none() && self.most.is_none() => {
                Ok(Block::literal(step.to_string()))
            }
            (Some((number, _)), []) => Ok(Block::literal(number.to_string())),
            (None, []) if self.least.is_none() => Ok(Block::literal("0")),
            _ => Err(Fail::limit(merged.schema(), "the bounds are beyond exact arithmetic")),
        }
    }

    fn contradiction(&self, merged: &Merged<'_>) -> Fail {
        let name = |open: bool, one: &'static str, other: &'static str| if open { other } else { one };
        let reason = match (self.least, self.most) {
            (Some((low, a)), Some((high, b))) if is_above(low, high) || self.steps.is_empty() => format!(
                "{} {low} is above {} {high}",
                name(a, "minimum", "exclusiveMinimum"),
                name(b, "maximum", "exclusiveMaximum"),
            ),
            _ => match self.steps.first() {
                Some(step) => format!("no multiple of {step} lies within the bounds"),
                None => "no number lies within the bounds and the format's range".to_owned(),
            },
        };
        Fail::contradiction(merged.schema(), reason)
    }
}

/// A lower bound as the least integer at `scale`; `Some(None)` where it does not bind.
fn lower(number: &Number, open: bool, scale: u8) -> Option<Option<i128>> {
    let Some(decimal) = Decimal::parse(number) else {
        return coarse(number, true).map(|_| None);
    };
    let (value, is_exact) = rescaled(decimal, scale, true)?;
    Some(Some(if open && is_exact { value + 1 } else { value }))
}

fn upper(number: &Number, open: bool, scale: u8) -> Option<Option<i128>> {
    let Some(decimal) = Decimal::parse(number) else {
        return coarse(number, false).map(|_| None);
    };
    let (value, is_exact) = rescaled(decimal, scale, false)?;
    Some(Some(if open && is_exact { value - 1 } else { value }))
}

/// A huge bound on the far side does not bind; on the near side it is beyond us.
fn coarse(number: &Number, is_lower: bool) -> Option<()> {
    let value = number.as_f64()?;
    match is_lower {
        true => value < -1e15,
        false => value > 1e15,
    }
    .then_some(())
}

/// The decimal at `scale`, rounded inwards, and whether that was exact.
fn rescaled(decimal: Decimal, scale: u8, is_lower: bool) -> Option<(i128, bool)> {
    if let Some(value) = decimal.at(scale) {
        return Some((value, true));
    }
    let divisor = 10_i128.pow(u32::from(decimal.scale.checked_sub(scale)?));
    let is_exact = decimal.mantissa.rem_euclid(divisor) == 0;
    match is_lower {
        true => Some((ceiling(decimal.mantissa, divisor), is_exact)),
        false => Some((decimal.mantissa.div_euclid(divisor), is_exact)),
    }
}

fn ceiling(value: i128, step: i128) -> i128 {
    -(-value).div_euclid(step)
}

/// The range that values usually have, as multiples of `step`.
fn natural(hint: Option<names::Range>, scale: u8, step: i128) -> (i128, i128) {
    let range = hint.unwrap_or(names::ORDINARY);
    let at = |value: i64| match scale >= range.scale {
        true => i128::from(value) * 10_i128.pow(u32::from(scale - range.scale)),
        false => i128::from(value) / 10_i128.pow(u32::from(range.scale - scale)),
    };
    let (first, last) = (ceiling(at(range.low), step), at(range.high).div_euclid(step));
    if first <= last { (first, last) } else { (1, 10) }
}

/// The usual range cut to the bounds, or what lies next to the bounds.
fn within(first: Option<i128>, last: Option<i128>, natural: (i128, i128), reach: i128) -> (i128, i128) {
    let cut = (
        first.map_or(natural.0, |first| first.max(natural.0)),
        last.map_or(natural.1, |last| last.min(natural.1)),
    );
    match (first, last) {
        _ if cut.0 <= cut.1 => cut,
        (Some(first), Some(last)) => (first, last.min(first + reach)),
        (Some(first), None) => (first, first + reach),
        (None, Some(last)) => (last - reach, last),
        (None, None) => natural,
    }
}

fn drawn(first: i64, step: i64, count: u64, scale: u8) -> Block {
    if count > 1 {
        return Block::of(Op::Number { first, step, count, scale, fixed: false });
    }
    let mut text = Vec::new();
    super::write::write_scaled(first, scale, &mut text);
    Block::literal(text)
}

/// Where judgement follows, the ends of the range are drawn as often as all of it.
fn spread(first: i64, step: i64, count: u64, scale: u8) -> Block {
    const END: u64 = 10;
    if count <= END * 2 {
        return drawn(first, step, count, scale);
    }
    let last = first.saturating_add(step.saturating_mul((count - END) as i64));
    let ends =
        [drawn(first, step, END, scale), drawn(last, step, END, scale), drawn(first, step, count, scale)];
    Block::of(Op::Choice(ends.into()))
}

/// Values that are no integers, where integers are refused.
fn fractions(first: i64, step: i64, count: u64, scale: u8) -> Option<Block> {
    let unit = 10_i64.pow(u32::from(scale));
    let values = (0..count.min(200)).filter_map(|index| first.checked_add(step.checked_mul(index as i64)?));
    let texts: Vec<Vec<u8>> = values
        .filter(|value| value % unit != 0)
        .map(|value| {
            let mut text = Vec::new();
            super::write::write_scaled(value, scale, &mut text);
            text
        })
        .collect();
    (!texts.is_empty()).then(|| Block::pool(std::sync::Arc::new(super::block::Pool::new(texts))))
}

fn least_common(a: i128, b: i128) -> Option<i128> {
    let (mut x, mut y) = (a.abs(), b.abs());
    while y != 0 {
        (x, y) = (y, x % y);
    }
    if x == 0 { None } else { (a / x).checked_mul(b).map(i128::abs) }
}

fn is_above(one: &Number, other: &Number) -> bool {
    match (one.as_i64(), other.as_i64()) {
        (Some(one), Some(other)) => one > other,
        _ => one.as_f64() > other.as_f64(),
    }
}
