//! The client's side: a thread that talks to servers, on the same rings as the workers, and wakes to the microsecond.
//!
//! - [`Reactor`] runs the tasks of one thread;
//! - [`Socket`] is a connection, [`Piece`] a part of bytes that many writes share;
//! - [`Alarm`] wakes at a given time, [`now`] tells it;
//! - [`usage`] says what the thread has used, [`cpus`] and [`bind`] where it runs.

mod alarm;
mod piece;
mod relay;
mod socket;
mod usage;

use std::{cell::Cell, future::poll_fn, io, pin::pin};

pub use alarm::Alarm;
pub use piece::Piece;
pub use socket::{Abort, Bytes, Socket, is_exhausted};
pub use usage::{Usage, usage};

pub use crate::timer::now;

use crate::{
    affinity,
    config::{DriverChoice, Pin},
    ring::{self, Driver, Runtime},
    server::cpus_to_bind,
};

/// The runtime of the calling thread.
pub struct Reactor {
    runtime: Runtime,
    driver: Driver,
}

impl Reactor {
    /// Builds the runtime of the calling thread, and allows the process all the descriptors it may have.
    ///
    /// # Errors
    /// When io_uring was insisted on and the kernel refuses it, or when even epoll cannot be had.
    pub fn build(choice: DriverChoice) -> io::Result<Self> {
        crate::socket::raise_open_files();
        let (runtime, driver) = ring::build(choice)?;
        Ok(Self { runtime, driver })
    }

    /// What it runs on.
    pub fn driver(&self) -> &Driver {
        &self.driver
    }

    /// Runs until `future` is done. Tasks that wait for sockets at that time are never freed: end them before.
    pub fn block_on<F: Future>(&mut self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }
}

thread_local! {
    /// How often the tasks of this thread were polled.
    static POLLS: Cell<u64> = const { Cell::new(0) };
}

fn polls() -> u64 {
    POLLS.get()
}

/// Starts a task on the reactor of the calling thread.
///
/// # Panics
/// Outside of [`Reactor::block_on`].
pub fn spawn(task: impl Future<Output = ()> + 'static) {
    drop(monoio::spawn(async move {
        let mut task = pin!(task);
        poll_fn(|context| {
            POLLS.set(POLLS.get().wrapping_add(1));
            task.as_mut().poll(context)
        })
        .await;
    }));
}

/// The CPUs that this process may use, ascending.
pub fn usable_cpus() -> Vec<usize> {
    affinity::allowed()
}

/// The CPU for each of so many threads.
pub fn cpus(pin: &Pin, threads: usize) -> Vec<Option<usize>> {
    let cpus = cpus_to_bind(pin, threads);
    (0..threads).map(|thread| cpus.get(thread).copied()).collect()
}

/// Binds the calling thread to one CPU; whether that was allowed.
pub fn bind(cpu: usize) -> bool {
    affinity::bind_to(cpu).is_ok()
}
