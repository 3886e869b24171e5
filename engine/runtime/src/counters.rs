//! What the workers count. Each counter has one writer, so counting is a plain load and store.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// One number, written by one thread, read by any.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    /// Adds one. Only the owning worker calls this.
    pub(crate) fn bump(&self) {
        self.0.store(self.0.load(Relaxed).wrapping_add(1), Relaxed);
    }
}

macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// The counters of one worker, on cache lines of their own.
        #[derive(Debug, Default)]
        #[repr(align(128))]
        pub(crate) struct Counters { $(pub(crate) $name: Counter,)* }

        /// Counters at one moment, summed over all workers.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct Snapshot {
            /// Connections open now.
            pub active: usize,
            $($(#[$doc])* pub $name: u64,)*
        }

        impl Snapshot {
            pub(crate) fn add(&mut self, counters: &Counters) {
                $(self.$name += counters.$name.0.load(Relaxed);)*
            }
        }
    };
}

counters! {
    /// Connections taken and served.
    accepted,
    /// Connections closed as they came, because of a limit or for want of descriptors.
    refused,
    /// Connections that this worker accepted and another one serves.
    handed_over,
    /// Times that an idle connection gave its buffer back.
    parked,
    /// Panics caught in a service.
    panics,
    /// Connections closed because the next request did not come.
    idle_timeouts,
    /// Connections closed because a TLS handshake was not gone on with.
    handshake_timeouts,
    /// Connections closed because a request did not come whole.
    request_timeouts,
    /// Connections reset because the client did not read.
    write_timeouts,
    /// Connections reset on the word of the service or because it asked for more than it may hold.
    aborted,
    /// Clients that were gone before they were taken, and ticks of a worker in which it could take none, for want of descriptors say.
    accept_errors,
}
