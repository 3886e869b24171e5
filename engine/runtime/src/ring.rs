//! How a worker waits for sockets: the best io_uring the kernel allows, else epoll.

use std::{fmt, io};

use io_uring::{IoUring, Probe, opcode};
use monoio::{IoUringDriver, LegacyDriver, RuntimeBuilder};

use crate::{config::DriverChoice, limits::RING_ENTRIES};

/// What a worker runs on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Driver {
    /// io_uring, and with which flags.
    Uring(RingMode),
    /// epoll, and why io_uring was not taken if it was tried.
    Epoll(Option<String>),
}

impl fmt::Display for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uring(mode) => write!(f, "io_uring ({mode})"),
            Self::Epoll(None) => f.write_str("epoll"),
            Self::Epoll(Some(reason)) => write!(f, "epoll (no io_uring: {reason})"),
        }
    }
}

/// Ring flags, best first. Completions that interrupt the worker cost it, and its client on the same
/// machine, up to a third; the flags keep them until the worker asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RingMode {
    /// `SINGLE_ISSUER | DEFER_TASKRUN`, Linux 6.1.
    DeferTaskrun,
    /// `SINGLE_ISSUER | COOP_TASKRUN`, Linux 6.0.
    CoopSingle,
    /// `COOP_TASKRUN`, Linux 5.19.
    Coop,
    /// No flags.
    Plain,
}

impl RingMode {
    const LADDER: [Self; 4] = [Self::DeferTaskrun, Self::CoopSingle, Self::Coop, Self::Plain];

    fn builder(self) -> io_uring::Builder {
        let mut builder = IoUring::builder();
        builder.dontfork();
        match self {
            Self::DeferTaskrun => builder.setup_single_issuer().setup_defer_taskrun(),
            Self::CoopSingle => builder.setup_single_issuer().setup_coop_taskrun().setup_taskrun_flag(),
            Self::Coop => builder.setup_coop_taskrun().setup_taskrun_flag(),
            Self::Plain => &mut builder,
        };
        builder
    }
}

impl fmt::Display for RingMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DeferTaskrun => "single issuer, deferred",
            Self::CoopSingle => "single issuer, cooperative",
            Self::Coop => "cooperative",
            Self::Plain => "plain",
        })
    }
}

/// The runtime of one worker; built on the thread that runs it, which single-issuer rings insist on.
pub(crate) enum Runtime {
    Uring(monoio::Runtime<IoUringDriver>),
    Epoll(monoio::Runtime<LegacyDriver>),
}

impl Runtime {
    pub(crate) fn block_on<F: Future>(&mut self, future: F) -> F::Output {
        match self {
            Self::Uring(runtime) => runtime.block_on(future),
            Self::Epoll(runtime) => runtime.block_on(future),
        }
    }
}

/// Builds the runtime of the calling thread.
///
/// # Errors
/// When io_uring was insisted on and the kernel refuses it, or when even epoll cannot be had.
pub(crate) fn build(choice: DriverChoice) -> io::Result<(Runtime, Driver)> {
    if choice == DriverChoice::Epoll {
        return Ok((epoll()?, Driver::Epoll(None)));
    }
    match uring() {
        Ok((runtime, mode)) => Ok((Runtime::Uring(runtime), Driver::Uring(mode))),
        Err(error) if choice == DriverChoice::Uring => Err(error),
        Err(error) => Ok((epoll()?, Driver::Epoll(Some(error.to_string())))),
    }
}

fn epoll() -> io::Result<Runtime> {
    RuntimeBuilder::<LegacyDriver>::new().with_entries(RING_ENTRIES).build().map(Runtime::Epoll)
}

fn uring() -> io::Result<(monoio::Runtime<IoUringDriver>, RingMode)> {
    check_operations()?;
    let mut refusal = io::Error::from(io::ErrorKind::Unsupported);
    for mode in RingMode::LADDER {
        let builder = RuntimeBuilder::<IoUringDriver>::new().with_entries(RING_ENTRIES);
        match builder.uring_builder(mode.builder()).build() {
            Ok(runtime) => return Ok((runtime, mode)),
            Err(error) => refusal = error,
        }
    }
    Err(refusal)
}

/// Fails where the kernel has no rings, forbids them, or lacks an operation that workers use.
fn check_operations() -> io::Result<()> {
    const USED: [u8; 6] = [
        opcode::Accept::CODE,
        opcode::AsyncCancel::CODE,
        opcode::Close::CODE,
        opcode::PollAdd::CODE,
        opcode::Recv::CODE,
        opcode::Send::CODE,
    ];
    let ring = IoUring::new(2)?;
    let mut probe = Probe::new();
    ring.submitter().register_probe(&mut probe)?;
    if USED.iter().all(|&code| probe.is_supported(code)) {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::Unsupported, "the kernel's io_uring lacks socket operations"))
}
