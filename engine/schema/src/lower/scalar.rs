//! Keywords of numbers and strings.

use mocker_source::Node;
use serde_json::Number;

use super::schema::Draft;
use super::{Lowering, Resolve};
use crate::node::{NumberRules, StringRules};
use crate::validate::Num;

impl<'t, R: Resolve<'t>> Lowering<'t, R> {
    /// `minimum maximum exclusiveMinimum exclusiveMaximum multipleOf`
    pub(super) fn number_rule(&mut self, draft: &mut Draft<'t>, keyword: &str, value: Node<'t>) {
        match (keyword, value.as_bool()) {
            ("exclusiveMinimum", Some(exclusive)) => return draft.exclusive_minimum = exclusive,
            ("exclusiveMaximum", Some(exclusive)) => return draft.exclusive_maximum = exclusive,
            _ => {}
        }
        let Some(number) = self.number(value, keyword) else { return };
        if keyword == "multipleOf"
            && Num::from(&number).order(Num::Integer(0)) != Some(std::cmp::Ordering::Greater)
        {
            self.warn("keyword-type", value, "`multipleOf` is greater than 0; it is ignored");
            return;
        }
        let rules = draft.node.number.get_or_insert_with(Box::<NumberRules>::default);
        let place = match keyword {
            "minimum" => &mut rules.minimum,
            "maximum" => &mut rules.maximum,
            "exclusiveMinimum" => &mut rules.exclusive_minimum,
            "exclusiveMaximum" => &mut rules.exclusive_maximum,
            _ => &mut rules.multiple_of,
        };
        *place = Some(number);
    }

    /// `exclusiveMinimum: true` (OpenAPI 2.0 and 3.0) makes `minimum` the exclusive bound.
    pub(super) fn exclusive_bounds(&mut self, draft: &mut Draft<'t>) {
        let Some(rules) = &mut draft.node.number else { return };
        if draft.exclusive_minimum && rules.minimum.is_some() {
            rules.exclusive_minimum = rules.minimum.take();
        }
        if draft.exclusive_maximum && rules.maximum.is_some() {
            rules.exclusive_maximum = rules.maximum.take();
        }
    }

    /// `minLength maxLength pattern contentEncoding contentMediaType`
    pub(super) fn string_rule(&mut self, draft: &mut Draft<'t>, keyword: &str, value: Node<'t>) {
        if matches!(keyword, "minLength" | "maxLength") {
            let Some(length) = self.count(value, keyword) else { return };
            let rules = draft.node.string.get_or_insert_with(Box::<StringRules>::default);
            match keyword {
                "minLength" => rules.min_length = length,
                _ => rules.max_length = Some(length),
            }
            return;
        }
        let Some(text) = value.as_str() else {
            self.warn("keyword-type", value, format!("`{keyword}` is a string; it is ignored"));
            return;
        };
        let pattern = (keyword == "pattern").then(|| self.pattern(text));
        let rules = draft.node.string.get_or_insert_with(Box::<StringRules>::default);
        match keyword {
            "pattern" => rules.pattern = pattern,
            "contentEncoding" => rules.content_encoding = Some(text.into()),
            _ => rules.content_media_type = Some(text.into()),
        }
    }

    /// A number, also one in quotes (reported); `None` (reported) for anything else.
    fn number(&mut self, value: Node<'t>, keyword: &str) -> Option<Number> {
        if let Some(number) = value.as_number() {
            return Some(number);
        }
        let read = value.as_str().and_then(|text| {
            let text = text.trim();
            text.parse::<i64>().ok().map(Number::from).or_else(|| Number::from_f64(text.parse().ok()?))
        });
        match &read {
            Some(number) => {
                self.warn(
                    "keyword-type",
                    value,
                    format!("`{keyword}` is a number, not a string; read as {number}"),
                );
            }
            None => self.warn("keyword-type", value, format!("`{keyword}` is a number; it is ignored")),
        }
        read
    }

    /// A length or count, not negative; `None` (reported) for anything else.
    pub(super) fn count(&mut self, value: Node<'t>, keyword: &str) -> Option<u64> {
        if let Some(count) = value.as_u64() {
            return Some(count);
        }
        if value.as_f64().is_some_and(|number| number >= u64::MAX as f64) {
            return Some(u64::MAX);
        }
        let read = value.as_str().and_then(|text| text.trim().parse().ok());
        match read {
            Some(count) => {
                self.warn(
                    "keyword-type",
                    value,
                    format!("`{keyword}` is a number, not a string; read as {count}"),
                );
            }
            None => self.warn(
                "keyword-type",
                value,
                format!("`{keyword}` is a whole number from 0; it is ignored"),
            ),
        }
        read
    }
}
