//! `server`: where and how clients are served.

use std::time::Duration;

use mocker_plan::BasePath;
use mocker_runtime::limits::MAX_THREADS;
use mocker_source::Diagnostic;

use crate::config::shape::{Bare, Field, Flag, Grammar, Shape, Table, Word};
use crate::config::values::Values;

use super::tls::{self, Tls};

const LIMITS: &str = "Limits";
const REQUESTS: &str = "Requests";

static BASE_PATH: Grammar = Grammar {
    name: "`auto`, `none` or a path that begins with `/`",
    example: "/api",
    pattern: Some("^(auto|none|/.*)$"),
    check: |text| text.parse::<BasePath>().map(drop),
};

const DRIVERS: &[Word] = &[
    Word { name: "auto", alias: None, about: "io_uring, or epoll where it is forbidden" },
    Word { name: "io-uring", alias: None, about: "io_uring or nothing" },
    Word { name: "epoll", alias: None, about: "epoll" },
];

/// A timeout: from 10 ms to a day.
pub(super) const TIMEOUT: Shape = Shape::Time { least: 10, most: 86_400_000, bare: Bare::Seconds };

pub(super) static TABLE: Table = Table {
    name: "server",
    about: "Where and how clients are served",
    fields: &[
        Field::new("host", Shape::Text, "Address or name to listen on, such as `localhost` or `::`")
            .default("0.0.0.0")
            .flags(&[Flag::Value("--host", "HOST")]),
        Field::new(
            "port",
            Shape::Integer { least: 0, most: 65_535 },
            "Port to listen on; 0 takes a free one",
        )
        .default("8080")
        .flags(&[Flag::Value("--port -p", "PORT")]),
        Field::new(
            "threads",
            Shape::Integer { least: 1, most: MAX_THREADS as u64 },
            "Worker threads; the number of usable cores when not given",
        )
        .flags(&[Flag::Value("--threads -t", "N")])
        .example("threads: 2"),
        Field::new(
            "base_path",
            Shape::Parsed(&BASE_PATH),
            "Where paths are reachable: `auto` (as written, and under the path of each server), `none` \
             (as written), or under a prefix of yours",
        )
        .default("auto")
        .flags(&[Flag::Value("--base-path", "auto|none|/PREFIX")]),
        Field::new("driver", Shape::Choice(DRIVERS), "How the kernel is asked")
            .default("auto")
            .flags(&[Flag::Value("--driver", "DRIVER")]),
        Field::new(
            "reuse_port",
            Shape::Bool,
            "Whether other processes may listen on the same port, if they say the same; the kernel deals clients out among them. Of a server with several threads another one of the same user that says so may take a share in any case",
        )
        .default("false")
        .flags(&[Flag::Switch("--reuse-port")]),
        Field::new("callbacks", Shape::Bool, "Whether callbacks are sent")
            .default("true")
            .flags(&[Flag::Stands("--no-callbacks", "false", "Send no callbacks")]),
        Field::new(
            "watch",
            Shape::Bool,
            "Whether documents, configuration and scripts are read again when they change; SIGHUP has them read in any case",
        )
        .default("true")
        .flags(&[Flag::Switch("--watch")]),
        Field::new("cors", Shape::Bool, "Whether pages of any origin may call")
            .default("true")
            .flags(&[Flag::Switch("--cors")])
            .under(REQUESTS),
        Field::new("strict_head", Shape::Bool, "Answer HEAD only where the document defines it")
            .default("false")
            .flags(&[Flag::Switch("--strict-head")])
            .under(REQUESTS),
        Field::new(
            "max_head_size",
            Shape::Size { least: 256, most: 1 << 20 },
            "Longest request head; longer ones get 431",
        )
        .default("32KiB")
        .flags(&[Flag::Value("--max-head-size", "SIZE")])
        .under(LIMITS),
        Field::new(
            "max_uri_size",
            Shape::Size { least: 16, most: 1 << 20 },
            "Longest request target; longer ones get 414",
        )
        .default("8KiB")
        .flags(&[Flag::Value("--max-uri-size", "SIZE")])
        .under(LIMITS),
        Field::new(
            "max_body_size",
            Shape::Size { least: 0, most: u64::MAX },
            "Longest request body; longer ones get 413",
        )
        .default("10MiB")
        .also(&["max_request_size"])
        .flags(&[Flag::Value("--max-body-size", "SIZE")])
        .under(LIMITS),
        Field::new(
            "max_connections",
            Shape::Integer { least: 1, most: u32::MAX as u64 },
            "Connections in all; more are closed as they come",
        )
        .default("65536")
        .flags(&[Flag::Value("--max-connections", "N")])
        .under(LIMITS),
        Field::new(
            "max_connections_per_client",
            Shape::Integer { least: 1, most: u32::MAX as u64 },
            "Connections of one client address; no limit when not given",
        )
        .also(&["max_connections_per_ip"])
        .flags(&[Flag::Value("--max-connections-per-client", "N")])
        .under(LIMITS)
        .example("max_connections_per_client: 100"),
        Field::new(
            "concurrency",
            Shape::Integer { least: 1, most: u32::MAX as u64 },
            "Requests that are being answered at a time, those whose answers are delayed and whose bodies are on their way among \
             them; further ones get 503 at once. No limit when not given",
        )
        .flags(&[Flag::Value("--concurrency", "N")])
        .under(LIMITS)
        .example("concurrency: 1000"),
        Field::new("head_timeout", TIMEOUT, "Time a request head may take, from its first byte; then 408")
            .default("10s")
            .also(&["read_timeout"])
        .flags(&[Flag::Value("--head-timeout", "TIME")])
            .under(LIMITS),
        Field::new("body_timeout", TIMEOUT, "Time a request body may take, from the end of the head; then 408")
            .default("30s")
            .also(&["read_timeout"])
        .flags(&[Flag::Value("--body-timeout", "TIME")])
            .under(LIMITS),
        Field::new("write_timeout", TIMEOUT, "Time until a client reads on of an answer; then the connection is reset")
            .default("30s")
            .flags(&[Flag::Value("--write-timeout", "TIME")])
            .under(LIMITS),
        Field::new("idle_timeout", TIMEOUT, "Time a connection may be idle between requests")
            .default("1m15s")
            .flags(&[Flag::Value("--idle-timeout", "TIME")])
            .under(LIMITS),
        Field::new(
            "drain_timeout",
            TIMEOUT,
            "Time that requests in flight have to end after SIGINT or SIGTERM",
        )
        .default("10s")
        .flags(&[Flag::Value("--drain-timeout", "TIME")])
        .under(LIMITS),
        Field::new("tls", Shape::Table(&tls::TABLE), tls::TABLE.about),
    ],
    families: &[],
    rules: &[],
};

/// How the kernel is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Driver {
    Auto,
    IoUring,
    Epoll,
}

/// Where and how clients are served.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) threads: Option<usize>,
    pub(crate) base_path: BasePath,
    pub(crate) driver: Driver,
    pub(crate) shares_port: bool,
    pub(crate) sends_callbacks: bool,
    pub(crate) is_watching: bool,
    pub(crate) shares: bool,
    pub(crate) is_head_strict: bool,
    /// Bytes
    pub(crate) max_head_size: u64,
    /// Bytes
    pub(crate) max_uri_size: u64,
    /// Bytes
    pub(crate) max_body_size: u64,
    pub(crate) max_connections: usize,
    pub(crate) max_connections_per_client: Option<usize>,
    pub(crate) concurrency: Option<usize>,
    pub(crate) head_timeout: Duration,
    pub(crate) body_timeout: Duration,
    pub(crate) write_timeout: Duration,
    pub(crate) idle_timeout: Duration,
    pub(crate) drain_timeout: Duration,
    pub(crate) tls: Tls,
}

impl Server {
    pub(super) fn read(values: &Values, faults: &mut Vec<Diagnostic>) -> Server {
        let count = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
        Server {
            host: values.text("server.host").unwrap_or_default().to_owned(),
            port: values.whole("server.port").and_then(|port| port.try_into().ok()).unwrap_or_default(),
            threads: values.whole("server.threads").map(count),
            base_path: values.text("server.base_path").and_then(|text| text.parse().ok()).unwrap_or_default(),
            driver: match values.text("server.driver") {
                Some("io-uring") => Driver::IoUring,
                Some("epoll") => Driver::Epoll,
                _ => Driver::Auto,
            },
            shares_port: values.bool("server.reuse_port"),
            sends_callbacks: values.bool("server.callbacks"),
            is_watching: values.bool("server.watch"),
            shares: values.bool("server.cors"),
            is_head_strict: values.bool("server.strict_head"),
            max_head_size: values.size("server.max_head_size"),
            max_uri_size: values.size("server.max_uri_size"),
            max_body_size: values.size("server.max_body_size"),
            max_connections: values.whole("server.max_connections").map(count).unwrap_or_default(),
            max_connections_per_client: values.whole("server.max_connections_per_client").map(count),
            concurrency: values.whole("server.concurrency").map(count),
            head_timeout: values.time("server.head_timeout"),
            body_timeout: values.time("server.body_timeout"),
            write_timeout: values.time("server.write_timeout"),
            idle_timeout: values.time("server.idle_timeout"),
            drain_timeout: values.time("server.drain_timeout"),
            tls: Tls::read(values, faults),
        }
    }
}
