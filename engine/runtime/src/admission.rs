//! Who may connect: limits on connections in all and for one client address.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

/// Counts of all workers together. Touched when a connection comes and goes, never by a request.
#[derive(Debug)]
pub(crate) struct Admission {
    limit: usize,
    limit_per_client: Option<usize>,
    open: AtomicUsize,
    clients: Mutex<HashMap<IpAddr, usize>>,
}

impl Admission {
    pub(crate) fn new(limit: usize, limit_per_client: Option<usize>) -> Self {
        Self { limit, limit_per_client, open: AtomicUsize::new(0), clients: Mutex::default() }
    }

    /// Connections admitted and not yet gone.
    pub(crate) fn open(&self) -> usize {
        self.open.load(Relaxed)
    }

    /// Whether one more connection of this client is allowed; if so, it counts until [`Self::leave`].
    pub(crate) fn enter(&self, client: IpAddr) -> bool {
        // Who is refused takes no room meanwhile from who need not be.
        let more = |open: usize| (open < self.limit).then_some(open + 1);
        if self.open.fetch_update(Relaxed, Relaxed, more).is_err() {
            return false;
        }
        let is_admitted = self.enter_client(client);
        if !is_admitted {
            self.open.fetch_sub(1, Relaxed);
        }
        is_admitted
    }

    /// A connection that was admitted is gone.
    pub(crate) fn leave(&self, client: IpAddr) {
        self.open.fetch_sub(1, Relaxed);
        if self.limit_per_client.is_none() {
            return;
        }
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = clients.get_mut(&client.to_canonical()) {
            *count -= 1;
            if *count == 0 {
                clients.remove(&client.to_canonical());
            }
        }
    }

    fn enter_client(&self, client: IpAddr) -> bool {
        let Some(limit) = self.limit_per_client else { return true };
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let count = clients.get(&client.to_canonical()).copied().unwrap_or(0);
        if count >= limit {
            return false;
        }
        clients.insert(client.to_canonical(), count + 1);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));
    const B: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 2));

    #[test]
    fn the_total_is_exact_at_its_edge() {
        let admission = Admission::new(2, None);
        assert!(admission.enter(A) && admission.enter(B));
        assert!(!admission.enter(A));
        admission.leave(B);
        assert!(admission.enter(A));
        assert_eq!(admission.open(), 2);
    }

    #[test]
    fn one_client_does_not_take_what_is_others() {
        let admission = Admission::new(10, Some(2));
        assert!(admission.enter(A) && admission.enter(A));
        assert!(!admission.enter(A), "the client's limit");
        assert!(admission.enter(B));
        admission.leave(A);
        assert!(admission.enter(A));
        assert_eq!(admission.open(), 3);
    }

    #[test]
    fn a_client_is_the_same_by_its_mapped_address() {
        let admission = Admission::new(10, Some(1));
        assert!(admission.enter(A));
        assert!(!admission.enter("::ffff:10.0.0.1".parse::<IpAddr>().unwrap_or(B)));
    }

    #[test]
    fn clients_that_left_are_forgotten() {
        let admission = Admission::new(10, Some(1));
        assert!(admission.enter(A));
        admission.leave(A);
        assert!(admission.clients.lock().unwrap_or_else(PoisonError::into_inner).is_empty());
    }
}
