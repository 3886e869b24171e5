//! Parameters of requests: a value for each, written in its style.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use mocker_openapi::model::{Parameter, Place, Style};
use mocker_schema::SchemaId;
use mocker_schema::generate::Key;
use serde_json::Value;

use super::style;
use super::text::sayable;
use super::values::Values;
use super::variant::Variant;
use crate::limits::ATTEMPTS;

/// Writes the parameters of one document. The author's values are read once for all operations that share a parameter.
#[derive(Default)]
pub(super) struct Parameters {
    authored: HashMap<*const Parameter, Rc<[Rc<str>]>>,
}

impl Parameters {
    /// The author's values of a parameter that obey its schema, as they are written.
    pub(super) fn authored(&mut self, values: &Values<'_>, parameter: &Arc<Parameter>) -> Rc<[Rc<str>]> {
        let read = || {
            let of_content = parameter.content.iter().flat_map(|media| &media.examples);
            let examples = parameter.examples.iter().chain(of_content);
            let authored = values.authored(examples, schema(parameter)).into_iter();
            authored.filter_map(|value| written(values, parameter, value).ok()).collect()
        };
        Rc::clone(self.authored.entry(Arc::as_ptr(parameter)).or_insert_with(read))
    }

    /// The parameter as it is written into one variant.
    ///
    /// # Errors
    /// Why no value can be written.
    pub(super) fn text(
        &mut self,
        values: &mut Values<'_>,
        parameter: &Arc<Parameter>,
        variant: Variant,
        key: Key,
    ) -> Result<Rc<str>, Rc<str>> {
        let authored = self.authored(values, parameter);
        if let (Variant::Authored(index), false) = (variant, authored.is_empty()) {
            return Ok(Rc::clone(&authored[index % authored.len()]));
        }
        let key = key.with(parameter.name.as_bytes());
        let mut reason: Rc<str> = "there is no value for it".into();
        for attempt in 0..ATTEMPTS {
            // What cannot be written with the least of members may be with the most
            let fills = variant.fills_objects() || attempt >= ATTEMPTS / 2;
            let made = values.generated(schema(parameter), fills, key.with_number(attempt));
            match made.and_then(|value| written(values, parameter, value)) {
                Ok(text) => return Ok(text),
                Err(why) => reason = why,
            }
        }
        authored.first().map(Rc::clone).ok_or(reason)
    }
}

fn schema(parameter: &Parameter) -> Option<SchemaId> {
    parameter.schema.or(parameter.content.as_ref().and_then(|media| media.schema))
}

fn written(values: &Values<'_>, parameter: &Parameter, value: Value) -> Result<Rc<str>, Rc<str>> {
    let is_form = parameter.place == Place::QueryString || parameter.style == Style::DeepObject;
    let value = if is_form && parameter.content.is_none() { sayable(value) } else { value };
    if is_form && !values.is_valid(schema(parameter), &value) {
        return Err("its style has no way to write null or nothing".into());
    }
    style::write(parameter, &value).map(Rc::from).map_err(Rc::from)
}
