//! `api-key`: keys in a header, the query or a cookie.

use std::borrow::Cow;

use serde_json::Value;

use super::secrets::Secrets;
use super::settings::text;
use crate::Request;
use crate::plugin::limits::{CREDENTIAL_BYTES, SECRETS};
use crate::plugin::refusal::challenge;
use crate::plugin::{Misconfiguration, Notes, Verdict};

/// Checks API keys.
#[derive(Debug)]
pub(super) struct ApiKey {
    places: Vec<(Place, Box<str>)>,
    keys: Secrets,
}

/// Where a key is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Header,
    Query,
    Cookie,
}

/// Where keys are looked for when the configuration does not say.
const DEFAULT_HEADER: &str = "X-API-Key";

impl ApiKey {
    pub(super) fn configure(config: &Value) -> Result<ApiKey, Vec<Misconfiguration>> {
        let keys = config["keys"].as_array().map(Vec::as_slice).unwrap_or_default();
        if keys.len() > SECRETS {
            let message = format!("there are {} keys; {SECRETS} are allowed", keys.len());
            return Err(vec![Misconfiguration::new("/keys", message)]);
        }
        let named = keys.iter().map(|key| {
            let secret = key.as_str().or_else(|| text(key, "key")).unwrap_or_default();
            (secret.as_bytes(), text(key, "name").unwrap_or_default())
        });
        let all = [(Place::Header, "header"), (Place::Query, "query"), (Place::Cookie, "cookie")];
        let named_places =
            all.into_iter().filter_map(|(place, key)| Some((place, text(config, key)?.into())));
        let mut places: Vec<(Place, Box<str>)> = named_places.collect();
        if places.is_empty() {
            places.push((Place::Header, DEFAULT_HEADER.into()));
        }
        Ok(ApiKey { places, keys: Secrets::new(named) })
    }

    pub(super) fn before(&self, request: &Request) -> Verdict {
        let mut sent = self.places.iter().filter_map(|(place, name)| place.value(request, name)).peekable();
        if sent.peek().is_none() {
            return self.refuse(&format!("This operation needs an API key, {}.", self.wanted()));
        }
        let known = |key: Cow<'_, str>| {
            if key.len() > CREDENTIAL_BYTES { None } else { self.keys.name(key.as_bytes()) }
        };
        match sent.find_map(known) {
            Some("") => Verdict::Pass(Notes::default()),
            Some(name) => Verdict::Pass(Notes { user: Some(name.into()), ..Notes::default() }),
            None => self.refuse("The API key is not known."),
        }
    }

    fn wanted(&self) -> String {
        let places = self.places.iter().map(|(place, name)| match place {
            Place::Header => format!("in the header `{name}`"),
            Place::Query => format!("in the query parameter `{name}`"),
            Place::Cookie => format!("in the cookie `{name}`"),
        });
        places.collect::<Vec<_>>().join(" or ")
    }

    /// There is no registered scheme for keys; the parameters are those of OpenAPI's security scheme.
    fn refuse(&self, detail: &str) -> Verdict {
        let (place, name) = &self.places[0];
        let place = match place {
            Place::Header => "header",
            Place::Query => "query",
            Place::Cookie => "cookie",
        };
        Verdict::Answer(challenge("ApiKey", &[("in", place), ("name", name)], detail))
    }
}

impl Place {
    fn value<'r>(self, request: &'r Request, name: &str) -> Option<Cow<'r, str>> {
        let of = |(known, value): (Cow<'r, str>, Cow<'r, str>)| (known == name).then_some(value);
        match self {
            Place::Header => request.field(name),
            Place::Query => request.query().find_map(of),
            Place::Cookie => request.cookies().find_map(of),
        }
    }
}
