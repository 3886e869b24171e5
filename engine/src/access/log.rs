//! One worker's share of the access log.

use std::cell::{Cell, RefCell};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use mocker_http::request::Head;

use super::entry::{Answered, length, put_entry, put_head, set_took};
use super::{Access, Ring};
use crate::dispatch::Decision;
use crate::metrics::Route;

/// Where it stands what the log needs of a request's head.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Heard {
    /// Nowhere: the head was not read, or nothing is logged
    #[default]
    Nothing,
    /// With the worker, until the next head is read
    Last,
    /// Here
    Kept(Box<[u8]>),
}

/// What one worker writes down of its answers. It goes into the ring when the turn ends: then the time is known that
/// the answers of one read share, and nothing has been sent yet.
pub(crate) struct Log {
    access: Arc<Access>,
    /// Opened when it is first needed
    ring: RefCell<Option<Ring>>,
    /// Whether answers of this turn are written down
    is_on: Cell<bool>,
    client: Cell<IpAddr>,
    /// When the turn began, in nanoseconds since 1970
    time: Cell<u64>,
    /// Of the head that was read last
    heard: RefCell<Vec<u8>>,
    /// Entries of this turn
    entries: RefCell<Vec<u8>>,
    /// Where those of them begin that share its time
    sharing: RefCell<Vec<usize>>,
}

impl Log {
    pub(crate) fn new(access: Arc<Access>) -> Log {
        Log {
            access,
            ring: RefCell::default(),
            is_on: Cell::default(),
            client: Cell::new(Ipv4Addr::UNSPECIFIED.into()),
            time: Cell::default(),
            heard: RefCell::default(),
            entries: RefCell::default(),
            sharing: RefCell::default(),
        }
    }

    /// A turn begins. Whether its answers are written down.
    #[inline]
    pub(crate) fn begin(&self, client: IpAddr) -> bool {
        let is_on = self.access.is_on();
        self.is_on.set(is_on);
        if is_on {
            self.client.set(client);
            let now = SystemTime::now().duration_since(UNIX_EPOCH);
            self.time.set(now.map_or(0, |since| u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)));
        }
        is_on
    }

    /// Whether answers of this turn are written down.
    #[inline]
    pub(crate) fn is_on(&self) -> bool {
        self.is_on.get()
    }

    /// Looks at the head of a request.
    #[inline]
    pub(crate) fn hear(&self, head: &Head<'_>) -> Heard {
        if !self.is_on.get() {
            return Heard::Nothing;
        }
        let mut heard = self.heard.borrow_mut();
        heard.clear();
        put_head(head, &mut heard);
        Heard::Last
    }

    /// Keeps what was heard last, for an answer that is not made at once.
    pub(crate) fn keep(&self, heard: &mut Heard) {
        if *heard == Heard::Last {
            *heard = Heard::Kept(self.heard.borrow().as_slice().into());
        }
    }

    /// Writes down what a client gets: a status, 0 where it gets none, and so many bytes of body. `took` is `None` where
    /// the answer shares the time of the turn.
    #[inline]
    pub(crate) fn note(&self, decision: &Decision, status: u16, bytes: u64, took: Option<Duration>) {
        if !self.is_on.get() {
            return;
        }
        let last = self.heard.borrow();
        let head = match &decision.heard {
            Heard::Nothing => &[],
            Heard::Last => &**last,
            Heard::Kept(head) => head,
        };
        let (route, scenario) = match &decision.route {
            Route::Operation(served, operation) => {
                let cause = decision.struck_by();
                let scenario = cause.map_or("", |cause| cause.name(&served.behaviours.chaos));
                (&*served.plan.operation(*operation).model().path, scenario)
            }
            Route::Nowhere(_) => ("", ""),
        };
        let mut entries = self.entries.borrow_mut();
        if took.is_none() {
            self.sharing.borrow_mut().push(entries.len());
        }
        let (time, client, took) = (self.time.get(), self.client.get(), took.unwrap_or_default());
        put_entry(&Answered { time, took, client, status, bytes, route, scenario }, head, &mut entries);
    }

    /// The turn ends that began then.
    pub(crate) fn end(&self, begun: Option<Instant>) {
        let mut entries = self.entries.borrow_mut();
        if entries.is_empty() {
            return;
        }
        let mut sharing = self.sharing.borrow_mut();
        let answers = u32::try_from(sharing.len()).unwrap_or(u32::MAX).max(1);
        let each = begun.map_or(Duration::ZERO, |begun| begun.elapsed()) / answers;
        sharing.drain(..).for_each(|at| set_took(&mut entries[at..], each));
        let mut ring = self.ring.borrow_mut();
        let ring = ring.get_or_insert_with(|| self.access.open());
        let mut rest = &**entries;
        while !rest.is_empty() {
            let (entry, behind) = rest.split_at(length(rest));
            ring.push(entry);
            rest = behind;
        }
        entries.clear();
    }
}
