//! What is made from the request's key: random values, fakers, UUIDs.

use mocker_schema::generate::Key;
use rhai::plugin::*;
use rhai::{Array, Dynamic, FuncRegistration, INT, ImmutableString, Map, Module};

use crate::host::fake::{self, Faker, Wanted};
use crate::host::{random, uuid};
use crate::script::json;
use crate::script::meter::works_on;
use crate::script::objects::{Failure, current, failure};

/// The key of the next value of this request.
fn key() -> Result<Key, Failure> {
    Ok(current()?.draw())
}

/// Random values, made from the seed and the request: the same in every run with the same `--seed`.
#[export_module]
#[allow(missing_docs, unreachable_pub, clippy::unwrap_used)]
pub(crate) mod random_functions {
    /// A whole number from the first to the second, both included.
    ///
    /// ```rhai
    /// let dice = random::int(1, 6);
    /// ```
    #[rhai_fn(name = "int", return_raw)]
    pub fn int(least: INT, greatest: INT) -> Result<INT, Failure> {
        random::int(key()?, least, greatest).map_err(failure)
    }

    /// A number from 0 up to, without, 1.
    ///
    /// ```rhai
    /// if random::float() < 0.1 { return respond(503); }
    /// ```
    #[rhai_fn(name = "float", return_raw)]
    pub fn float() -> Result<f64, Failure> {
        random::float(key()?, 0.0, 1.0).map_err(failure)
    }

    /// A number from the first up to, without, the second.
    ///
    /// ```rhai
    /// let degrees = random::float(-10.0, 35.0);
    /// ```
    #[rhai_fn(name = "float", return_raw)]
    pub fn float_within(least: f64, greatest: f64) -> Result<f64, Failure> {
        random::float(key()?, least, greatest).map_err(failure)
    }

    /// `true` or `false`, each in half of all cases.
    ///
    /// ```rhai
    /// let is_sold = random::bool();
    /// ```
    #[rhai_fn(name = "bool", return_raw)]
    pub fn bool() -> Result<bool, Failure> {
        random::bool(key()?, 0.5).map_err(failure)
    }

    /// `true` in so many of all cases: 0.0 for never, 1.0 for always.
    ///
    /// ```rhai
    /// if random::bool(0.05) { sleep(2_000); }
    /// ```
    #[rhai_fn(name = "bool", return_raw)]
    pub fn bool_of(probability: f64) -> Result<bool, Failure> {
        random::bool(key()?, probability).map_err(failure)
    }

    /// One of an array's items.
    ///
    /// ```rhai
    /// let colour = random::choice(["black", "white", "ginger"]);
    /// ```
    #[rhai_fn(name = "choice", return_raw)]
    pub fn choice(items: Array) -> Result<Dynamic, Failure> {
        let index = random::choice(key()?, items.len()).map_err(failure)?;
        Ok(items.get(index).cloned().unwrap_or_default())
    }

    /// The name of one of a map's members, chosen as often as its weight says.
    ///
    /// ```rhai
    /// let state = random::weighted(#{ sold: 1, available: 9 });
    /// ```
    #[rhai_fn(name = "weighted", return_raw)]
    pub fn weighted(weights: Map) -> Result<ImmutableString, Failure> {
        let weight = |(name, weight): (&_, &Dynamic)| {
            let number = weight.as_float().or_else(|_| weight.as_int().map(|whole| whole as f64));
            number.map_err(|_| failure(format!("the weight of `{name}` is no number")))
        };
        let numbers: Vec<f64> = weights.iter().map(weight).collect::<Result<_, _>>()?;
        let index = random::weighted(key()?, &numbers).map_err(failure)?;
        Ok(weights.keys().nth(index).map(|name| name.as_str().into()).unwrap_or_default())
    }

    /// The items of an array in another order.
    ///
    /// ```rhai
    /// let cards = random::shuffle(["a", "b", "c"]);
    /// ```
    #[rhai_fn(name = "shuffle", return_raw)]
    pub fn shuffle(items: Array) -> Result<Array, Failure> {
        let mut items = items;
        random::shuffle(key()?, &mut items).map_err(failure)?;
        Ok(items)
    }

    /// A text of so many letters and digits.
    ///
    /// ```rhai
    /// let token = random::string(32);
    /// ```
    #[rhai_fn(name = "string", return_raw)]
    pub fn string(length: INT) -> Result<String, Failure> {
        random::string(key()?, count(length)?, random::ALPHANUMERIC).map_err(failure)
    }

    /// A text of so many characters of an alphabet.
    ///
    /// ```rhai
    /// let pin = random::string(4, "0123456789");
    /// ```
    #[rhai_fn(name = "string", return_raw)]
    pub fn string_of(length: INT, alphabet: &str) -> Result<String, Failure> {
        random::string(key()?, count(length)?, alphabet).map_err(failure)
    }

    /// So many hexadecimal digits.
    ///
    /// ```rhai
    /// let trace = random::hex(32);
    /// ```
    #[rhai_fn(name = "hex", return_raw)]
    pub fn hex(length: INT) -> Result<String, Failure> {
        random::hex(key()?, count(length)?).map_err(failure)
    }
}

fn count(length: INT) -> Result<usize, Failure> {
    usize::try_from(length).map_err(|_| failure(format!("{length} is no length")))
}

/// UUIDs (RFC 9562), made from the seed and the request. `uuid()` is `uuid::v4()`.
#[export_module]
#[allow(missing_docs, unreachable_pub, clippy::unwrap_used)]
pub(crate) mod uuid_functions {
    /// A random UUID.
    ///
    /// ```rhai
    /// let id = uuid::v4();
    /// ```
    #[rhai_fn(name = "v4", return_raw)]
    pub fn v4() -> Result<String, Failure> {
        Ok(uuid::v4(key()?))
    }

    /// A UUID that sorts by time.
    ///
    /// ```rhai
    /// let id = uuid::v7();
    /// ```
    #[rhai_fn(name = "v7", return_raw)]
    pub fn v7() -> Result<String, Failure> {
        let context = current()?;
        Ok(uuid::v7(context.draw(), context.now))
    }
}

/// What is used so often that it has a short name.
#[export_module]
#[allow(missing_docs, unreachable_pub, clippy::unwrap_used)]
pub(crate) mod short_functions {
    /// A random UUID, as `uuid::v4()`.
    ///
    /// ```rhai
    /// let id = uuid();
    /// ```
    #[rhai_fn(name = "uuid", return_raw)]
    pub fn uuid() -> Result<String, Failure> {
        Ok(crate::host::uuid::v4(key()?))
    }

    /// A value of the environment that the server was told to show to scripts.
    ///
    /// ```rhai
    /// let key = env("API_KEY");
    /// ```
    #[rhai_fn(name = "env", return_raw)]
    pub fn env(name: &str) -> Result<ImmutableString, Failure> {
        let context = current()?;
        crate::host::environment::get(&context.environment, name).map(ImmutableString::from).map_err(failure)
    }
}

/// What stands above the fakers in the reference.
pub(crate) const FAKE_DOCS: &str = "Realistic values, made from the seed and the request. Those that a language \
    changes take its name: `fake::name(\"es\")`. Those that have a range take its ends: `fake::number(1, 6)`.";

/// Every faker of the table as a function.
pub(crate) fn fakers() -> Module {
    let mut module = Module::new();
    for faker in fake::fakers() {
        let docs = |call: &str| {
            [format!(
                "/// {}.\n///\n/// ```rhai\n/// let value = fake::{}({call});\n/// ```",
                faker.gives, faker.name
            )]
        };
        FuncRegistration::new(faker.name)
            .with_comments(docs(""))
            .set_into_module(&mut module, move || made(faker, &Wanted::default()));
        if faker.is_localized {
            FuncRegistration::new(faker.name)
                .with_comments(docs("\"es\""))
                .with_params_info(["language: &str", ""])
                .set_into_module(&mut module, move |locale: ImmutableString| {
                    made(faker, &Wanted { locale: Some(&locale), ..Wanted::default() })
                });
        }
        if let Some((least, greatest)) = faker.range {
            FuncRegistration::new(faker.name)
                .with_comments(docs(&format!("{least}, {greatest}")))
                .with_params_info(["least: int", "greatest: int", ""])
                .set_into_module(&mut module, move |min: INT, max: INT| {
                    made(faker, &Wanted { locale: None, min: Some(min), max: Some(max) })
                });
        }
    }
    module
}

fn made(faker: &Faker, wanted: &Wanted<'_>) -> Result<Dynamic, Failure> {
    // Paragraphs are the largest: some hundred bytes each.
    works_on(usize::try_from(wanted.max.unwrap_or(0)).unwrap_or(0).saturating_mul(256));
    faker.value(key()?, wanted).map(|value| json::from_value(&value)).map_err(failure)
}
