//! What a user may decide about all answers.

use std::sync::Arc;

use mocker_schema::generate::{self, Fakers, Key, Locale, Programs};
use mocker_schema::validate::Direction;

use crate::base_path::BasePath;
use crate::request::Mode;

/// How values are made where the author wrote none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sampling {
    /// Realistic values, the same for the same URL
    #[default]
    Realistic,
    /// The plain samples of Prism: `"string"`, `0`, the first of an `enum`
    Static,
}

/// What a user may decide about all answers.
#[derive(Clone, Debug)]
pub struct Options {
    /// What generated data is made from
    pub seed: u64,
    /// Whether every request gets new data where it is generated
    pub is_fresh: bool,
    /// Whether bodies are generated, anew for every request, even where the author wrote examples
    pub is_dynamic: bool,
    /// Whether what is dynamic repeats nevertheless, as it does in Prism for who gives a seed
    pub is_seeded: bool,
    /// How values are made
    pub sampling: Sampling,
    /// Whether the author's examples are left out of account
    pub ignores_examples: bool,
    /// Whether an example that agrees with the request goes before the first one
    pub matches_examples: bool,
    /// Whether generated objects have their optional properties
    pub fills_properties: bool,
    /// Whose names and places generated values have
    pub locale: Locale,
    /// Whether a client's `Accept-Language` chooses the locale; what it does not name gets `locale`
    pub negotiates_locale: bool,
    /// What users add to the table from names to values
    pub fakers: Option<Arc<Fakers>>,
    /// What becomes of requests that break the contract, where the operation does not say
    pub validation: Mode,
    /// Whether a token that lacks a scope is refused
    pub checks_scopes: bool,
    /// Whether answers say that pages of any origin may call
    pub shares: bool,
    /// Under which prefixes paths are reachable
    pub base_path: BasePath,
    /// How the entities of resources hang together; `None` where each body is made alone
    pub world: Option<Arc<WorldOptions>>,
    /// Programs kept for other operations with the same schemas, for who asks for all of them once; `None` where each has its
    /// own. The documents must live as long.
    pub programs: Option<Arc<Programs>>,
}

/// What a user may decide about entities.
#[derive(Clone, Debug, Default)]
pub struct WorldOptions {
    /// Resources by name, and how many entities they have, of each parent
    pub sizes: Vec<(Box<str>, u64)>,
    /// How many the others have; `None` leaves it to whether their lists have pages
    pub usual_size: Option<u64>,
    /// What becomes of identities that no list has
    pub unknown_ids: UnknownIds,
    /// Whether the URLs of pages begin with `https://`
    pub is_secure: bool,
}

/// What becomes of identities that no list has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownIds {
    /// There is an entity for each
    #[default]
    Exist,
    /// They are answered with 404
    NotFound,
}

impl Options {
    /// How values are made from schemas.
    pub(crate) fn generation(&self, direction: Direction) -> generate::Options {
        generate::Options {
            direction,
            fill_optional: self.fills_properties,
            locale: self.locale,
            fakers: self.fakers.clone(),
            failure: None,
        }
    }

    /// The same in another language.
    pub(crate) fn spoken(&self, locale: Locale) -> Arc<Options> {
        Arc::new(Options { locale, ..self.clone() })
    }

    /// The seed that a text names: a number as it stands, any other text by its hash.
    pub fn seed(text: &str) -> u64 {
        text.parse().unwrap_or_else(|_| Key(0).with(text.as_bytes()).0)
    }
}

impl Default for Options {
    fn default() -> Options {
        Options {
            seed: 0,
            is_fresh: false,
            is_dynamic: false,
            is_seeded: false,
            sampling: Sampling::default(),
            ignores_examples: false,
            matches_examples: true,
            fills_properties: true,
            locale: Locale::ENGLISH,
            negotiates_locale: false,
            fakers: None,
            validation: Mode::default(),
            checks_scopes: false,
            shares: true,
            base_path: BasePath::default(),
            world: Some(Arc::default()),
            programs: None,
        }
    }
}
