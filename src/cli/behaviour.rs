//! From the configuration to what the engine takes.

use std::net::SocketAddr;
use std::sync::Arc;

use mocker_engine::Settings;
use mocker_plan::{Options, Sampling, WorldOptions};
use mocker_runtime::{Config, DriverChoice, Timeouts};

use crate::config::Configuration;
use crate::config::section::generation::Likeness;
use crate::config::section::server::Driver;

/// How answers are chosen and made.
pub(crate) fn options(configuration: &Configuration) -> Options {
    let Configuration { generation, validation, server, .. } = configuration;
    let is_secure = server.tls.identity.is_some();
    Options {
        seed: generation.seed.as_deref().map(Options::seed).unwrap_or_default(),
        is_fresh: generation.is_fresh,
        is_dynamic: generation.likeness == Likeness::Dynamic,
        is_seeded: generation.seed.is_some(),
        sampling: match generation.likeness {
            Likeness::Static => Sampling::Static,
            Likeness::Realistic | Likeness::Dynamic => Sampling::Realistic,
        },
        ignores_examples: generation.ignores_examples,
        matches_examples: generation.matches_examples,
        fills_properties: generation.fills_properties,
        programs: None,
        locale: generation.locale,
        negotiates_locale: generation.negotiates_locale,
        fakers: generation.fakers.clone(),
        validation: validation.requests,
        checks_scopes: validation.checks_scopes,
        shares: server.shares,
        base_path: server.base_path.clone(),
        world: generation.world.clone().map(|world| Arc::new(WorldOptions { is_secure, ..world })),
    }
}

/// How requests are treated.
pub(crate) fn settings(configuration: &Configuration) -> Settings {
    let server = &configuration.server;
    let size = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX);
    let limits = mocker_http::Limits {
        head: size(server.max_head_size),
        target: size(server.max_uri_size),
        body: server.max_body_size,
        ..mocker_http::Limits::default()
    };
    Settings {
        limits,
        shares: server.shares,
        has_errors: configuration.validation.has_errors,
        is_head_strict: server.is_head_strict,
        concurrency: server.concurrency,
        is_secure: server.tls.identity.is_some(),
    }
}

/// How connections are served.
pub(crate) fn runtime(configuration: &Configuration, addresses: Vec<SocketAddr>) -> Config {
    let server = &configuration.server;
    Config {
        addresses,
        threads: server.threads,
        driver: match server.driver {
            Driver::Auto => DriverChoice::Auto,
            Driver::IoUring => DriverChoice::Uring,
            Driver::Epoll => DriverChoice::Epoll,
        },
        shares_port: server.shares_port,
        max_connections: server.max_connections,
        max_connections_per_client: server.max_connections_per_client,
        timeouts: Timeouts {
            handshake: server.tls.handshake_timeout,
            head: server.head_timeout,
            body: server.body_timeout,
            write: server.write_timeout,
            idle: server.idle_timeout,
            drain: server.drain_timeout,
            ..Timeouts::default()
        },
        ..Config::default()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::config::{Environment, Request, load};

    /// Who configures nothing gets what the engine does by itself.
    #[test]
    fn defaults_are_those_of_the_engine() {
        let environment = Environment::default();
        let loaded = load(&Request { file: None, flags: &[], environment: &environment }).unwrap();
        let configuration = loaded.configuration.unwrap();
        assert_eq!(format!("{:?}", options(&configuration)), format!("{:?}", Options::default()));
        assert_eq!(format!("{:?}", settings(&configuration)), format!("{:?}", Settings::default()));
        let served = runtime(&configuration, Vec::new());
        let expected = Config { addresses: Vec::new(), ..Config::default() };
        assert_eq!(format!("{served:?}"), format!("{expected:?}"));
    }
}
