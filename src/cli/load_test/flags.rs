//! The flags of `mocker load-test`, in the groups that its help has.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use mocker_loadgen::drive::Trust;
use mocker_loadgen::load::{Arrival, Stage};
use mocker_loadgen::rate::{self, Rate};
use mocker_loadgen::verdict::Threshold;
use mocker_loadgen::verify::Mode;
use mocker_loadgen::{duration, limits as most, scenario};
use mocker_runtime::DriverChoice;

/// How the kernel is asked.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Driver {
    /// io_uring, or epoll where it is forbidden
    Auto,
    /// io_uring or nothing
    IoUring,
    /// epoll
    Epoll,
}

impl Driver {
    /// As the runtime knows it.
    pub(super) fn choice(self) -> DriverChoice {
        match self {
            Driver::Auto => DriverChoice::Auto,
            Driver::IoUring => DriverChoice::Uring,
            Driver::Epoll => DriverChoice::Epoll,
        }
    }
}

/// How many requests, how fast, for how long.
#[derive(Args)]
#[command(next_help_heading = "Load")]
pub(super) struct Pace {
    /// Requests a second in all: `10k`, `600/m`; `max` sends as fast as answers come
    #[arg(long, value_name = "RATE", default_value = "max", value_parser = rate::parse)]
    pub(super) rps: Rate,
    /// Rates one after the other, instead of --rps and --duration: `1k:30s,10k:1m`
    #[arg(long, value_name = "RATE:TIME,...", conflicts_with_all = ["rps", "duration"], value_parser = stages)]
    pub(super) stages: Option<Stages>,
    /// How due times are spread: evenly, or as independent users come
    #[arg(long, value_enum, default_value = "uniform")]
    pub(super) arrival: Spread,
    /// How long requests are sent [default: 10s]
    #[arg(short, long, value_name = "TIME", value_parser = duration::parse)]
    pub(super) duration: Option<Duration>,
    /// End after so many requests
    #[arg(short = 'n', long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) requests: Option<u64>,
    /// Sent before, and left out of every figure
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = duration::parse)]
    pub(super) warmup: Duration,
    /// Connections, and with one request on each: requests in flight at most
    #[arg(short, long, default_value_t = 64, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(super) concurrency: u32,
    /// Requests in flight on one connection
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(super) pipeline: u32,
    /// Sending threads [default: as the rate needs, at most half of the cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=most::MAX_THREADS as i64))]
    pub(super) threads: Option<u32>,
    /// After which an answer counts as lost
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = duration::parse)]
    pub(super) timeout: Duration,
    /// What values, arrivals and the order of operations are made from
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub(super) seed: u64,
    /// How the kernel is asked
    #[arg(long, value_enum, default_value = "auto")]
    pub(super) driver: Driver,
}

/// What is sent.
#[derive(Args)]
#[command(next_help_heading = "Requests")]
pub(super) struct Requests {
    /// Only these operations: "GET /pets/{id}", an operationId, with `*` for anything; `=3` behind it is a weight
    #[arg(long = "endpoint", value_name = "PATTERN[=WEIGHT]")]
    pub(super) endpoints: Vec<String>,
    /// All but these operations
    #[arg(long = "exclude-endpoint", value_name = "PATTERN")]
    pub(super) excluded: Vec<String>,
    /// Send operations as often as a recording asks them: a HAR, an access log, JSON lines, lines as `GET /pets`
    #[arg(long, value_name = "FILE")]
    pub(super) mix: Option<PathBuf>,
    /// A field of every request, in place of what we would write under its name
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE", value_parser = scenario::field)]
    pub(super) headers: Vec<(String, String)>,
    /// Method, where only a URL is given [default: GET, with --body POST]
    #[arg(short = 'X', long, value_name = "METHOD")]
    pub(super) method: Option<String>,
    /// File with the body, where only a URL is given
    #[arg(long, value_name = "FILE")]
    pub(super) body: Option<PathBuf>,
    /// Ask the server what it took itself (`Prefer: server-timing`), and take out what it says it waited on purpose
    #[arg(long)]
    pub(super) server_timing: bool,
    /// Take any certificate of an https target
    #[arg(long)]
    pub(super) insecure: bool,
}

/// What must hold.
#[derive(Args)]
#[command(next_help_heading = "Verdict")]
pub(super) struct Judging {
    /// What must hold: "p99<5ms", "p99{GET /pets}<3ms", "rps>=99.9%", "error_rate<0.1%", "window_p99<10ms"
    #[arg(long = "threshold", value_name = "EXPRESSION", value_parser = Threshold::parse)]
    pub(super) thresholds: Vec<Threshold>,
    /// Which answers are held against the description: status, media type, JSON bodies by their schema
    #[arg(long, value_enum, default_value = "none")]
    pub(super) verify: Checks,
    /// Measure first what the generator itself takes, and refuse thresholds below three times that
    #[arg(long)]
    pub(super) calibrate: bool,
}

/// What is told.
#[derive(Args)]
#[command(next_help_heading = "Output")]
pub(super) struct Output {
    /// What standard output gets
    #[arg(short, long, value_enum, default_value = "text")]
    pub(super) output: Format,
    /// Write summary.json, latency.hgrm, intervals.hlog, timeseries.csv and report.html into this folder
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Show nothing while the test lasts
    #[arg(long)]
    pub(super) no_tui: bool,
    /// A line for every operation, not only for the ten with the most requests
    #[arg(long)]
    pub(super) all_endpoints: bool,
}

#[derive(Clone)]
pub(super) struct Stages(pub(super) Vec<Stage>);

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Spread {
    /// Equal gaps
    Uniform,
    /// Random gaps
    Poisson,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Checks {
    /// None
    None,
    /// The first of every operation, and one of each hundred from there
    Sample,
    /// Every one
    All,
}

impl Checks {
    pub(super) fn mode(self) -> Option<Mode> {
        match self {
            Checks::None => None,
            Checks::Sample => Some(Mode::Sample),
            Checks::All => Some(Mode::All),
        }
    }
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(super) enum Format {
    /// A summary for people
    Text,
    /// summary.json
    Json,
    /// A table of operations
    Csv,
    /// Nothing: the exit code tells
    Quiet,
}

impl From<Spread> for Arrival {
    fn from(spread: Spread) -> Arrival {
        match spread {
            Spread::Uniform => Arrival::Uniform,
            Spread::Poisson => Arrival::Poisson,
        }
    }
}

impl Requests {
    /// The user's fields, with the preference that asks for `Server-Timing` (RFC 7240) beside the user's own.
    pub(super) fn fields(&self) -> Vec<(String, String)> {
        let mut fields = self.headers.clone();
        if self.server_timing {
            match fields.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case("Prefer")) {
                Some((_, value)) => value.push_str(", server-timing"),
                None => fields.push(("Prefer".to_owned(), "server-timing".to_owned())),
            }
        }
        fields
    }

    pub(super) fn trust(&self) -> Trust {
        if self.insecure { Trust::Anybody } else { Trust::Roots }
    }
}

fn stages(text: &str) -> Result<Stages, rate::Fault> {
    rate::parse_stages(text).map(Stages)
}
