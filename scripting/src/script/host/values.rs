//! `json`, `text` and `numbers`: values taken apart and put together.

use rhai::plugin::*;
use rhai::{Array, Dynamic, FuncRegistration, INT, ImmutableString, Module};

use crate::host::numbers::{self, Number};
use crate::host::text::{self, Case};
use crate::script::objects::{Failure, failure};

/// JSON: read, written, by pointer (RFC 6901), merged (RFC 7396). Values are not changed, changed copies are given.
#[export_module]
#[allow(missing_docs, unreachable_pub, clippy::unwrap_used)]
pub(crate) mod json_functions {
    use crate::host::json as tree;
    use crate::script::json;

    /// The value that a text tells. What is no JSON is a fault that can be caught.
    ///
    /// ```rhai
    /// let pet = json::parse("{\"name\": \"Rex\"}");
    /// ```
    #[rhai_fn(name = "parse", return_raw)]
    pub fn parse(text: &str) -> Result<Dynamic, Failure> {
        crate::host::limits::text(text.as_bytes()).map_err(failure)?;
        json::parse(text.as_bytes()).map_err(|reason| failure(format!("the text is no JSON: {reason}")))
    }

    /// A value as JSON without spaces.
    ///
    /// ```rhai
    /// log::info(json::stringify(req.query));
    /// ```
    #[rhai_fn(name = "stringify", return_raw)]
    pub fn stringify(value: Dynamic) -> Result<String, Failure> {
        json::to_text(&value).map_err(failure)
    }

    /// A value as JSON with a line for each member.
    ///
    /// ```rhai
    /// return respond(200, json::pretty(#{ a: [1, 2] }));
    /// ```
    #[rhai_fn(name = "pretty", return_raw)]
    pub fn pretty(value: Dynamic) -> Result<String, Failure> {
        tree::pretty(&json::to_value(&value).map_err(failure)?).map_err(failure)
    }

    /// What a pointer leads to; `()` where it leads to nothing.
    ///
    /// ```rhai
    /// let city = json::get(req.json(), "/customer/addresses/0/city");
    /// ```
    #[rhai_fn(name = "get", return_raw)]
    pub fn get(value: Dynamic, pointer: &str) -> Result<Dynamic, Failure> {
        let value = json::to_value(&value).map_err(failure)?;
        let found = tree::get(&value, pointer).map_err(failure)?;
        Ok(found.map_or(Dynamic::UNIT, json::from_value))
    }

    /// A copy with another value where a pointer leads; `-` is behind the last item of an array.
    ///
    /// ```rhai
    /// let order = json::set(#{ items: [1] }, "/items/-", 2);
    /// ```
    #[rhai_fn(name = "set", return_raw)]
    pub fn set(value: Dynamic, pointer: &str, new: Dynamic) -> Result<Dynamic, Failure> {
        let mut root = json::to_value(&value).map_err(failure)?;
        tree::set(&mut root, pointer, json::to_value(&new).map_err(failure)?).map_err(failure)?;
        Ok(json::from_value(&root))
    }

    /// A copy without what a pointer leads to.
    ///
    /// ```rhai
    /// let shown = json::remove(#{ name: "Ada", password: "x" }, "/password");
    /// ```
    #[rhai_fn(name = "remove", return_raw)]
    pub fn remove(value: Dynamic, pointer: &str) -> Result<Dynamic, Failure> {
        let mut root = json::to_value(&value).map_err(failure)?;
        tree::remove(&mut root, pointer).map_err(failure)?;
        Ok(json::from_value(&root))
    }

    /// A copy with a merge patch applied: its members replace, `()` removes.
    ///
    /// ```rhai
    /// let pet = json::merge(#{ name: "Tom", tag: "a" }, #{ name: "Rex", tag: () });
    /// ```
    #[rhai_fn(name = "merge", return_raw)]
    pub fn merge(value: Dynamic, patch: Dynamic) -> Result<Dynamic, Failure> {
        let mut root = json::to_value(&value).map_err(failure)?;
        tree::merge(&mut root, &json::to_value(&patch).map_err(failure)?).map_err(failure)?;
        Ok(json::from_value(&root))
    }
}

/// What stands above the functions of texts in the reference.
pub(crate) const TEXT_DOCS: &str = "Texts in another case or width. Rhai's own functions (`to_upper`, `trim`, \
    `split`, `replace`, `contains` and so on) are there too.";

/// Every case as a function, and functions of width.
pub(crate) fn texts() -> Module {
    let mut module = Module::new();
    for (name, case) in Case::ALL {
        let docs = format!(
            "/// The text in the case `{}`.\n///\n/// ```rhai\n/// let name = text::{name}(\"Ada Lovelace\");\n/// ```",
            shown(case)
        );
        FuncRegistration::new(name)
            .with_comments([docs])
            .with_params_info(["text: &str", ""])
            .set_into_module(&mut module, move |value: ImmutableString| -> Result<String, Failure> {
                text::case(&value, case).map_err(failure)
            });
    }
    let docs = "/// At most so many characters; where something was cut off, the last is an ellipsis.\n///\n/// ```rhai\n\
                /// let teaser = text::truncate(\"a long story\", 6);\n/// ```";
    FuncRegistration::new("truncate")
        .with_comments([docs])
        .with_params_info(["text: &str", "length: int", ""])
        .set_into_module(&mut module, |value: ImmutableString, length: INT| -> Result<String, Failure> {
            text::truncate(&value, usize::try_from(length).unwrap_or(0), "…").map_err(failure)
        });
    module
}

/// What a case makes of its own name.
fn shown(case: Case) -> String {
    text::case("in this way", case).unwrap_or_default()
}

/// Sums and means of arrays of numbers.
#[export_module]
#[allow(missing_docs, unreachable_pub, clippy::unwrap_used)]
pub(crate) mod number_functions {
    /// The sum, 0 of nothing.
    ///
    /// ```rhai
    /// let total = numbers::sum([1, 2, 3.5]);
    /// ```
    #[rhai_fn(name = "sum", return_raw)]
    pub fn sum(items: Array) -> Result<Dynamic, Failure> {
        numbers::sum(&taken(&items)?).map(given).map_err(failure)
    }

    /// The mean.
    ///
    /// ```rhai
    /// let rating = numbers::avg([4, 5, 3]);
    /// ```
    #[rhai_fn(name = "avg", return_raw)]
    pub fn avg(items: Array) -> Result<f64, Failure> {
        numbers::avg(&taken(&items)?).map_err(failure)
    }

    /// The least.
    ///
    /// ```rhai
    /// let cheapest = numbers::min([4, 5, 3]);
    /// ```
    #[rhai_fn(name = "min", return_raw)]
    pub fn min(items: Array) -> Result<Dynamic, Failure> {
        numbers::min(&taken(&items)?).map(given).map_err(failure)
    }

    /// The greatest.
    ///
    /// ```rhai
    /// let dearest = numbers::max([4, 5, 3]);
    /// ```
    #[rhai_fn(name = "max", return_raw)]
    pub fn max(items: Array) -> Result<Dynamic, Failure> {
        numbers::max(&taken(&items)?).map(given).map_err(failure)
    }

    /// A number with so many digits behind the point; halves away from zero.
    ///
    /// ```rhai
    /// let price = numbers::round(9.995, 2);
    /// ```
    #[rhai_fn(name = "round", return_raw)]
    pub fn round(number: Dynamic, digits: INT) -> Result<Dynamic, Failure> {
        let digits = u32::try_from(digits).map_err(|_| failure("digits cannot be negative"))?;
        numbers::round(number_of(&number)?, digits).map(given).map_err(failure)
    }
}

fn taken(items: &[Dynamic]) -> Result<Vec<Number>, Failure> {
    items.iter().map(number_of).collect()
}

fn number_of(value: &Dynamic) -> Result<Number, Failure> {
    match (value.as_int(), value.as_float()) {
        (Ok(whole), _) => Ok(Number::Integer(whole)),
        (_, Ok(float)) => Ok(Number::Float(float)),
        _ => Err(failure(format!("a number is needed; this is {}", crate::script::answer::kind(value)))),
    }
}

fn given(number: Number) -> Dynamic {
    match number {
        Number::Integer(whole) => whole.into(),
        Number::Float(float) => float.into(),
    }
}
