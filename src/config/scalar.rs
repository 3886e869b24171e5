//! Plain values: from what a file, a variable or a flag says.

use std::fmt;
use std::time::Duration;

use mocker_loadgen::duration::{self, Written};
use mocker_source::{Kind, Node};

use super::shape::{Bare, Shape};

/// Units of sizes in bytes. Letters of the SI count in thousands, those of IEC 80000-13 in 1024.
const UNITS: [(&str, u64); 8] = [
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("kB", 1_000),
    ("KB", 1_000),
    ("B", 1),
];

/// A plain value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Scalar {
    Bool(bool),
    Whole(u64),
    Number(f64),
    Time(Duration),
    /// Bytes
    Size(u64),
    Text(String),
    Texts(Vec<String>),
}

/// Why a value is none.
#[derive(Debug, PartialEq)]
pub(crate) enum Unfit {
    /// It is of another kind
    Kind,
    /// It is of the right kind, and beyond what is allowed
    Range,
    /// What is wrong with it
    Reason(String),
}

impl Scalar {
    /// What a text of a variable or a flag says.
    pub(crate) fn of_text(shape: &Shape, text: &str) -> Result<Scalar, Unfit> {
        match shape {
            Shape::Bool => match text {
                "true" => Ok(Scalar::Bool(true)),
                "false" => Ok(Scalar::Bool(false)),
                _ => Err(Unfit::Kind),
            },
            Shape::Integer { least, most } => {
                within(text.parse().map_err(|_| Unfit::Kind)?, *least, *most).map(Scalar::Whole)
            }
            Shape::Number { least, most } => number(text.parse().map_err(|_| Unfit::Kind)?, *least, *most),
            Shape::Time { least, most, bare } => time(text, *least, *most, *bare),
            Shape::Size { least, most } => within(size(text)?, *least, *most).map(Scalar::Size),
            Shape::Choice(words) => {
                let word = words.iter().find(|word| word.name == text || word.alias == Some(text));
                word.map(|word| Scalar::Text(word.name.to_owned())).ok_or(Unfit::Kind)
            }
            Shape::Parsed(grammar) => {
                (grammar.check)(text).map_err(Unfit::Reason)?;
                Ok(Scalar::Text(text.to_owned()))
            }
            Shape::List(of) => {
                let texts = text.split(',').map(str::trim).filter(|text| !text.is_empty());
                let texts = texts.map(|text| Scalar::of_text(of, text).map(|scalar| scalar.to_string()));
                texts.collect::<Result<_, _>>().map(Scalar::Texts)
            }
            Shape::Text | Shape::File | Shape::Document if text.is_empty() => Err(Unfit::Kind),
            _ => Ok(Scalar::Text(text.to_owned())),
        }
    }

    /// What a value of a file says. Lists are taken apart by the caller.
    pub(crate) fn of_node(shape: &Shape, node: Node<'_>) -> Result<Scalar, Unfit> {
        let wants = match shape {
            Shape::Bool => node.kind() == Kind::Bool,
            Shape::Integer { .. } | Shape::Number { .. } => node.kind() == Kind::Number,
            Shape::Size { .. } | Shape::Time { .. } => matches!(node.kind(), Kind::Number | Kind::String),
            Shape::Scalar | Shape::Choice(_) => {
                matches!(node.kind(), Kind::Number | Kind::String | Kind::Bool)
            }
            _ => node.kind() == Kind::String,
        };
        if !wants {
            return Err(Unfit::Kind);
        }
        match (shape, node.as_u64(), node.as_f64()) {
            (Shape::Integer { least, most }, Some(value), _) => {
                within(value, *least, *most).map(Scalar::Whole)
            }
            (Shape::Integer { .. }, None, _) => Err(Unfit::Range),
            (Shape::Number { least, most }, _, Some(value)) => number(value, *least, *most),
            _ => Scalar::of_text(shape, node.scalar_text().unwrap_or_default()),
        }
    }
}

fn within(value: u64, least: u64, most: u64) -> Result<u64, Unfit> {
    (least..=most).contains(&value).then_some(value).ok_or(Unfit::Range)
}

fn number(value: f64, least: f64, most: f64) -> Result<Scalar, Unfit> {
    (least..=most).contains(&value).then_some(Scalar::Number(value)).ok_or(Unfit::Range)
}

fn time(text: &str, least: u64, most: u64, bare: Bare) -> Result<Scalar, Unfit> {
    let seconds = text.parse::<f64>().ok().filter(|_| bare == Bare::Seconds);
    let time = match seconds {
        Some(seconds) => Duration::try_from_secs_f64(seconds).map_err(|_| Unfit::Range)?,
        None => duration::parse(text).map_err(|fault| Unfit::Reason(fault.to_string()))?,
    };
    let range = Duration::from_millis(least)..=Duration::from_millis(most);
    range.contains(&time).then_some(Scalar::Time(time)).ok_or(Unfit::Range)
}

/// Bytes: `512`, `64KiB`, `10MB`.
fn size(text: &str) -> Result<u64, Unfit> {
    if let Ok(bytes) = text.parse() {
        return Ok(bytes);
    }
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| Unfit::Kind)?;
    let (_, bytes) = UNITS.iter().find(|(known, _)| *known == unit.trim_start()).ok_or(Unfit::Kind)?;
    number.checked_mul(*bytes).ok_or(Unfit::Range)
}

impl fmt::Display for Scalar {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scalar::Bool(value) => write!(out, "{value}"),
            Scalar::Whole(value) => write!(out, "{value}"),
            Scalar::Number(value) => write!(out, "{value}"),
            Scalar::Time(time) => write!(out, "{}", Written(*time)),
            Scalar::Size(bytes) => write_size(out, *bytes),
            Scalar::Text(text) => out.write_str(text),
            Scalar::Texts(texts) => out.write_str(&texts.join(", ")),
        }
    }
}

/// In the largest unit that leaves no rest.
fn write_size(out: &mut fmt::Formatter<'_>, bytes: u64) -> fmt::Result {
    let fits = |(_, size): &&(&str, u64)| bytes > 0 && bytes.is_multiple_of(*size);
    match UNITS.iter().find(fits) {
        Some((unit, size)) => write!(out, "{}{unit}", bytes / size),
        None => write!(out, "{bytes}B"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_written() {
        for (text, bytes, written) in [
            ("0", Ok(0), "0B"),
            ("512", Ok(512), "512B"),
            ("10MB", Ok(10_000_000), "10MB"),
            ("10 MiB", Ok(10 << 20), "10MiB"),
            ("64KiB", Ok(64 << 10), "64KiB"),
            ("1000kB", Ok(1_000_000), "1MB"),
            ("1.5MB", Err(Unfit::Kind), ""),
            ("10M", Err(Unfit::Kind), ""),
            ("MB", Err(Unfit::Kind), ""),
            ("-1", Err(Unfit::Kind), ""),
            ("99999999999GB", Err(Unfit::Range), ""),
        ] {
            assert_eq!(size(text), bytes, "{text}");
            if let Ok(bytes) = bytes {
                assert_eq!(Scalar::Size(bytes).to_string(), written, "{text}");
            }
        }
    }

    #[test]
    fn a_bare_number_is_a_time_where_its_unit_is_known() {
        let seconds = Shape::Time { least: 10, most: 86_400_000, bare: Bare::Seconds };
        let strict = Shape::Time { least: 1, most: 1000, bare: Bare::Nothing };
        let ok = |millis| Ok(Scalar::Time(Duration::from_millis(millis)));
        assert_eq!(Scalar::of_text(&seconds, "10"), ok(10_000));
        assert_eq!(Scalar::of_text(&seconds, "0.25"), ok(250));
        assert_eq!(Scalar::of_text(&seconds, "250ms"), ok(250));
        assert_eq!(Scalar::of_text(&seconds, "0.001"), Err(Unfit::Range));
        assert_eq!(Scalar::of_text(&seconds, "-1"), Err(Unfit::Range));
        assert_eq!(Scalar::of_text(&seconds, "NaN"), Err(Unfit::Range));
        assert_eq!(Scalar::of_text(&strict, "50ms"), ok(50));
        assert!(matches!(Scalar::of_text(&strict, "50"), Err(Unfit::Reason(_))));
        assert_eq!(Scalar::of_text(&strict, "2s"), Err(Unfit::Range));
    }
}
