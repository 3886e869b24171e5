//! Plugins that are built in. Each is described by a manifest as any other, and configured once; what is costly is
//! done then. One is shared by all cores.

mod api_key;
mod authorization;
mod basic;
mod cors;
mod jwt;
mod logging;
mod origin;
mod rate_limit;
mod secrets;
mod settings;

use mocker_source::FileId;
use serde_json::Value;

use super::{Files, Manifest, Misconfiguration, Notes, Verdict, Visit};
use crate::{Request, Response};

/// Which of the plugins that are built in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// JSON Web Tokens
    Jwt,
    /// Keys in a header, the query or a cookie
    ApiKey,
    /// User names and passwords
    Basic,
    /// How often requests may come
    RateLimit,
    /// Which pages may call
    Cors,
    /// A line for each request
    Logging,
}

impl Kind {
    /// Every plugin that is built in.
    pub const ALL: [Kind; 6] =
        [Kind::Jwt, Kind::ApiKey, Kind::Basic, Kind::RateLimit, Kind::Cors, Kind::Logging];

    /// The plugin of a name.
    pub fn of(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Jwt => "jwt",
            Kind::ApiKey => "api-key",
            Kind::Basic => "basic",
            Kind::RateLimit => "rate-limit",
            Kind::Cors => "cors",
            Kind::Logging => "logging",
        }
    }

    /// Whether it refuses requests for want of credentials: what one operation lets pass another may not.
    pub fn judges_credentials(self) -> bool {
        matches!(self, Kind::Jwt | Kind::ApiKey | Kind::Basic)
    }

    /// The text of its manifest.
    pub fn manifest_text(self) -> &'static str {
        match self {
            Kind::Jwt => include_str!("jwt.yaml"),
            Kind::ApiKey => include_str!("api_key.yaml"),
            Kind::Basic => include_str!("basic.yaml"),
            Kind::RateLimit => include_str!("rate_limit.yaml"),
            Kind::Cors => include_str!("cors.yaml"),
            Kind::Logging => include_str!("logging.yaml"),
        }
    }

    /// Its manifest.
    pub fn manifest(self) -> Manifest {
        Manifest::read(FileId(0), self.manifest_text()).0.expect("manifests that are built in are sound")
    }
}

/// A plugin that is built in, configured.
#[derive(Debug)]
pub struct Builtin(Plugin);

#[derive(Debug)]
enum Plugin {
    Jwt(jwt::Jwt),
    ApiKey(api_key::ApiKey),
    Basic(basic::Basic),
    RateLimit(rate_limit::RateLimit),
    Cors(cors::Cors),
    Logging(logging::Logging),
}

impl Builtin {
    /// A plugin with a configuration, which is checked against the schema of its manifest first.
    ///
    /// # Errors
    /// Everything that is wrong with the configuration, and with the files that it names.
    pub fn configure(
        kind: Kind,
        given: &Value,
        files: &mut dyn Files,
    ) -> Result<Builtin, Vec<Misconfiguration>> {
        let config = kind.manifest().configure(given)?;
        Ok(Builtin(match kind {
            Kind::Jwt => Plugin::Jwt(jwt::Jwt::configure(&config, files)?),
            Kind::ApiKey => Plugin::ApiKey(api_key::ApiKey::configure(&config)?),
            Kind::Basic => Plugin::Basic(basic::Basic::configure(&config)?),
            Kind::RateLimit => Plugin::RateLimit(rate_limit::RateLimit::configure(&config)?),
            Kind::Cors => Plugin::Cors(cors::Cors::configure(&config)?),
            Kind::Logging => Plugin::Logging(logging::Logging::configure(&config)),
        }))
    }

    /// Goes on where another of its kind was, which it takes the place of. Nothing was asked of this one yet.
    pub fn follow(&self, before: &Builtin) {
        if let (Plugin::RateLimit(now), Plugin::RateLimit(before)) = (&self.0, &before.0) {
            now.follow(before);
        }
    }

    /// Which it is.
    pub fn kind(&self) -> Kind {
        match &self.0 {
            Plugin::Jwt(_) => Kind::Jwt,
            Plugin::ApiKey(_) => Kind::ApiKey,
            Plugin::Basic(_) => Kind::Basic,
            Plugin::RateLimit(_) => Kind::RateLimit,
            Plugin::Cors(_) => Kind::Cors,
            Plugin::Logging(_) => Kind::Logging,
        }
    }

    /// Looks at a request's head before it is answered.
    pub fn before(&self, request: &Request, visit: &Visit<'_>) -> Verdict {
        match &self.0 {
            Plugin::Jwt(jwt) => jwt.before(request, visit),
            Plugin::ApiKey(api_key) => api_key.before(request),
            Plugin::Basic(basic) => basic.before(request),
            Plugin::RateLimit(rate_limit) => rate_limit.before(request, visit),
            Plugin::Cors(cors) => cors.before(request),
            Plugin::Logging(_) => Verdict::Pass(Notes::default()),
        }
    }

    /// Changes an answer before it is sent: any answer, also one that refuses the request. A line for the log, without
    /// its end, is returned by `logging` alone.
    pub fn after(&self, request: &Request, visit: &Visit<'_>, response: &mut Response) -> Option<String> {
        match &self.0 {
            Plugin::Jwt(_) | Plugin::ApiKey(_) | Plugin::Basic(_) => None,
            Plugin::RateLimit(_) => {
                rate_limit::tell(visit.notes.allowance.as_ref(), response);
                None
            }
            Plugin::Cors(cors) => {
                cors.after(request, response);
                None
            }
            Plugin::Logging(logging) => Some(logging.line(request, visit, response)),
        }
    }
}
