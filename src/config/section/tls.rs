//! `server.tls`: what clients are met with who reach the server by `https`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use mocker_source::Diagnostic;

use crate::config::shape::{Field, Flag, Shape, Table, Word};
use crate::config::values::{Origin, Values};

use super::server::TIMEOUT;

const TLS: &str = "TLS";

const MODES: &[Word] = &[
    Word { name: "auto", alias: None, about: "with `cert` and `key`, where they are given" },
    Word { name: "self-signed", alias: None, about: "with a certificate made at each start" },
    Word { name: "off", alias: None, about: "plain HTTP" },
];

pub(super) static TABLE: Table = Table {
    name: "tls",
    about: "HTTPS: TLS 1.2 and 1.3, for HTTP/1.1",
    fields: &[
        Field::new("mode", Shape::Choice(MODES), "Whether TLS is spoken, and with what certificate")
            .default("auto")
            .flags(&[Flag::Value("--tls", "auto|self-signed|off")])
            .under(TLS),
        Field::new(
            "cert",
            Shape::File,
            "The server's certificate in PEM, with those that certify it behind it; read again like the rest",
        )
        .flags(&[Flag::Value("--tls-cert", "FILE")])
        .under(TLS)
        .example("cert: tls/cert.pem"),
        Field::new("key", Shape::File, "The private key that belongs to the certificate, in PEM, not encrypted")
            .flags(&[Flag::Value("--tls-key", "FILE")])
            .under(TLS)
            .example("key: tls/key.pem"),
        Field::new(
            "client_ca",
            Shape::File,
            "Certificates in PEM; who connects must have one that they certify",
        )
        .flags(&[Flag::Value("--tls-client-ca", "FILE")])
        .under(TLS)
        .example("client_ca: tls/clients.pem"),
        Field::new(
            "cert_out",
            Shape::File,
            "Where the certificate of `self-signed` is written, for clients to trust; its key is written nowhere",
        )
        .flags(&[Flag::Value("--tls-cert-out", "FILE")])
        .under(TLS)
        .example("cert_out: tls/mocker.pem"),
        Field::new("handshake_timeout", TIMEOUT, "Time a client may take for its part of a handshake, until our next message")
            .default("10s")
            .flags(&[Flag::Value("--tls-handshake-timeout", "TIME")])
            .under(TLS),
    ],
    families: &[],
    rules: &[],
};

/// What clients are met with who reach the server by `https`.
#[derive(Clone, Debug)]
pub(crate) struct Tls {
    /// `None`: plain HTTP
    pub(crate) identity: Option<Identity>,
    pub(crate) client_ca: Option<PathBuf>,
    pub(crate) handshake_timeout: Duration,
}

/// Who the server says it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    Files { cert: PathBuf, key: PathBuf },
    SelfSigned { out: Option<PathBuf> },
}

impl Identity {
    /// Where a certificate is written that is made at the start.
    pub(crate) fn out(&self) -> Option<&Path> {
        match self {
            Identity::SelfSigned { out } => out.as_deref(),
            Identity::Files { .. } => None,
        }
    }

    /// As the start and the docs call it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Identity::Files { .. } => "of files",
            Identity::SelfSigned { .. } => "self-signed",
        }
    }
}

impl Tls {
    /// Adds what is wrong between the keys.
    pub(super) fn read(values: &Values, faults: &mut Vec<Diagnostic>) -> Tls {
        let file = |key: &str| values.text(&format!("server.tls.{key}")).map(PathBuf::from);
        let (cert, key) = (file("cert"), file("key"));
        let identity = match (values.text("server.tls.mode"), cert, key) {
            (Some("off"), ..) => None,
            (Some("self-signed"), ..) => Some(Identity::SelfSigned { out: file("cert_out") }),
            (_, Some(cert), Some(key)) => Some(Identity::Files { cert, key }),
            (_, None, None) => {
                let needless = values.is_given("server.tls.client_ca");
                faults.extend(needless.then(|| lacks(values, "client_ca", "certificate of its own", "cert")));
                None
            }
            (_, Some(_), None) => {
                faults.push(lacks(values, "cert", "key", "key"));
                None
            }
            (_, None, Some(_)) => {
                faults.push(lacks(values, "key", "certificate", "cert"));
                None
            }
        };
        Tls {
            identity,
            client_ca: file("client_ca"),
            handshake_timeout: values.time("server.tls.handshake_timeout"),
        }
    }
}

/// `given` stands there, and what goes with it does not.
fn lacks(values: &Values, given: &str, what: &str, key: &str) -> Diagnostic {
    let path = format!("server.tls.{given}");
    let position = match values.origin(&path) {
        Some(Origin::File(position)) => Some(*position),
        _ => None,
    };
    let message = format!("`{path}` is given, but the server has no {what}");
    let help = format!("give `server.tls.{key}` (`--tls-{key} FILE`), or `--tls self-signed`");
    Diagnostic::error_at("config-missing", position, message).with_help(help)
}
