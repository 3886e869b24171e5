//! `generation`: how answers are made where no author wrote them.

use std::sync::Arc;

use mocker_plan::limits::MAX_ENTITIES;
use mocker_plan::{UnknownIds, WorldOptions};
use mocker_schema::generate::{Fakers, Locale, Maker};
use mocker_source::Node;

use crate::config::nearest::nearest;
use crate::config::shape::{Field, Flag, Grammar, Shape, Table, Word};
use crate::config::values::Values;

const ANSWERS: &str = "Answers";

const MODES: &[Word] = &[
    Word {
        name: "realistic",
        alias: None,
        about: "realistic values, the same for the same URL; examples where there are",
    },
    Word { name: "dynamic", alias: None, about: "every body is generated, examples or not" },
    Word { name: "static", alias: None, about: "Prism's plain samples; examples where there are" },
];

pub(super) static TABLE: Table = Table {
    name: "generation",
    about: "How answers are made where no author wrote them",
    fields: &[
        Field::new(
            "seed",
            Shape::Scalar,
            "What all generated data is made from, a number or a text: the same seed gives the same bytes; 0 when \
             not given",
        )
        .flags(&[Flag::Value("--seed", "SEED")])
        .under(ANSWERS)
        .example("seed: 42"),
        Field::new("fresh", Shape::Bool, "Make generated bodies anew for every request")
            .default("false")
            .flags(&[Flag::Switch("--fresh")])
            .under(ANSWERS),
        Field::new("mode", Shape::Choice(MODES), "What generated bodies are like")
            .default("realistic")
            .flags(&[
                Flag::Stands(
                    "--dynamic -d",
                    "dynamic",
                    "Generate every body from its schema, examples or not (as `Prefer: dynamic=true`): anew, or with \
                     --seed the same for the same URL",
                ),
                Flag::Stands(
                    "--static",
                    "static",
                    "Generate Prism's plain samples: \"string\", 0, the first of an enum",
                ),
            ])
            .under(ANSWERS),
        Field::new("ignore_examples", Shape::Bool, "Generate bodies even where the document has examples")
            .default("false")
            .flags(&[Flag::Switch("--ignore-examples --ignoreExamples")])
            .under(ANSWERS),
        Field::new(
            "match_examples",
            Shape::Bool,
            "Whether an example that agrees with the request goes before the first one",
        )
        .default("true")
        .flags(&[Flag::Stands(
            "--no-example-match",
            "false",
            "Always send the first example, not the one that agrees with the request",
        )])
        .under(ANSWERS),
        Field::new("fill_properties", Shape::Bool, "Whether generated objects have their optional properties")
            .default("true")
            .flags(&[Flag::Value("--fill-properties --json-schema-faker-fillProperties", "true|false")])
            .under(ANSWERS),
        Field::new("locale", Shape::Parsed(&LOCALE), "Whose names and places generated values have: `docs/realism.md`")
            .default("en")
            .flags(&[Flag::Value("--locale", "LOCALE")])
            .under(ANSWERS),
        Field::new(
            "negotiate_locale",
            Shape::Bool,
            "Let `Accept-Language` choose the locale of each answer; what it does not name gets `locale`",
        )
        .default("false")
        .flags(&[Flag::Switch("--negotiate-locale")])
        .under(ANSWERS),
        Field::new(
            "fakers",
            Shape::Map { keys: &PROPERTY, of: &Shape::Either(&[Shape::List(&Shape::Any), Shape::Parsed(&MAKER)]) },
            "What values of properties look like, by name or format; before what mocker knows of names",
        )
        .example("fakers:\n    loyalty tier: bronze|silver|gold\n    customer ref: digits:8"),
        Field::new("world", Shape::Choice(WORLDS), "Whether bodies hang together: `docs/worlds.md`")
            .default("on")
            .flags(&[Flag::Value("--world", "on|off")])
            .under(ANSWERS),
        Field::new("resources", Shape::Map { keys: &RESOURCE, of: &SIZE }, "How many entities a resource has, by its name")
            .example("resources: { pets: 1000 }"),
        Field::new("unknown_ids", Shape::Choice(UNKNOWN), "What becomes of identities that no list has")
            .default("exist"),
    ],
    families: &[],
    rules: &[],
};

const WORLDS: &[Word] = &[
    Word {
        name: "on",
        alias: None,
        about: "lists have the entities that reads give, pages are disjoint, references resolve",
    },
    Word { name: "off", alias: None, about: "every body is made alone" },
];

const UNKNOWN: &[Word] = &[
    Word { name: "exist", alias: None, about: "there is an entity for each" },
    Word { name: "not_found", alias: None, about: "they are answered with 404" },
];

static LOCALE: Grammar = Grammar {
    name: "a language, or one of a country",
    example: "de_DE",
    pattern: Some("^[A-Za-z]{2,3}([-_][A-Za-z0-9]+)*$"),
    check: |text| match Locale::named(text) {
        Some(_) => Ok(()),
        None => {
            let known: Vec<&str> = Locale::all().map(Locale::tag).collect();
            Err(format!("there is no locale `{text}`; those known are {}", known.join(", ")))
        }
    },
};

static PROPERTY: Grammar = Grammar {
    name: "the name of a property, in words, or `format:` and a format",
    example: "loyalty tier",
    pattern: Some("[A-Za-z0-9]"),
    check: |text| match text.chars().any(char::is_alphanumeric) {
        true => Ok(()),
        false => Err("a name is needed".to_owned()),
    },
};

static MAKER: Grammar = Grammar {
    name: "a faker, `uuid`, `hex:N`, `digits:N`, `letters:N`, a range `1..10`, or texts with bars between them",
    example: "username",
    pattern: Some("\\S"),
    check: |text| match Maker::parse(text) {
        Some(_) => Ok(()),
        None => Err(match nearest(text, Maker::fakers()) {
            Some(known) => format!("there is no faker `{text}`; the nearest is `{known}`"),
            None => format!("there is no faker `{text}`"),
        }),
    },
};

static RESOURCE: Grammar = Grammar {
    name: "the name of a resource, as `mocker check --resources` tells it",
    example: "pets",
    pattern: Some("\\S"),
    check: |text| if text.trim().is_empty() { Err("a name is needed".to_owned()) } else { Ok(()) },
};
static SIZE: Shape = Shape::Integer { least: 1, most: MAX_ENTITIES };

/// What generated bodies are like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Likeness {
    Realistic,
    Dynamic,
    Static,
}

/// How answers are made where no author wrote them.
#[derive(Debug)]
pub(crate) struct Generation {
    /// As the user wrote it
    pub(crate) seed: Option<String>,
    pub(crate) is_fresh: bool,
    pub(crate) likeness: Likeness,
    pub(crate) ignores_examples: bool,
    pub(crate) matches_examples: bool,
    pub(crate) fills_properties: bool,
    pub(crate) locale: Locale,
    /// Whether clients choose it
    pub(crate) negotiates_locale: bool,
    pub(crate) fakers: Option<Arc<Fakers>>,
    pub(crate) world: Option<WorldOptions>,
}

fn world(values: &Values) -> WorldOptions {
    let sizes = values.node("generation.resources").into_iter().flat_map(|sizes| sizes.entries());
    let sizes = sizes.filter_map(|(name, size)| Some((name.into(), size.scalar_text()?.parse().ok()?)));
    WorldOptions {
        sizes: sizes.collect(),
        unknown_ids: match values.text("generation.unknown_ids") {
            Some("not_found") => UnknownIds::NotFound,
            _ => UnknownIds::Exist,
        },
        ..WorldOptions::default()
    }
}

/// What the user has names made of; `None` where nothing is said.
fn fakers(values: &Values) -> Option<Fakers> {
    let mut fakers = Fakers::default();
    for (name, made) in values.node("generation.fakers")?.entries() {
        let maker = match made.is_array() {
            true => Some(Maker::values(made.items().map(Node::to_json).collect())),
            false => made.as_str().and_then(Maker::parse),
        };
        if let Some(maker) = maker {
            fakers.add(name, maker);
        }
    }
    Some(fakers)
}

impl Generation {
    pub(super) fn read(values: &Values) -> Generation {
        Generation {
            seed: values.text("generation.seed").map(str::to_owned),
            is_fresh: values.bool("generation.fresh"),
            likeness: match values.text("generation.mode") {
                Some("dynamic") => Likeness::Dynamic,
                Some("static") => Likeness::Static,
                _ => Likeness::Realistic,
            },
            ignores_examples: values.bool("generation.ignore_examples"),
            matches_examples: values.bool("generation.match_examples"),
            fills_properties: values.bool("generation.fill_properties"),
            locale: values.text("generation.locale").and_then(Locale::named).unwrap_or_default(),
            negotiates_locale: values.bool("generation.negotiate_locale"),
            fakers: fakers(values).map(Arc::new),
            world: (values.text("generation.world") != Some("off")).then(|| world(values)),
        }
    }
}
