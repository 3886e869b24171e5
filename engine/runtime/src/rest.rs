//! When a worker comes to rest.

use std::cell::Cell;

/// Whether a worker has had something to do since the last tick.
#[derive(Debug, Default)]
pub(crate) struct Rest {
    was_busy: Cell<bool>,
    is_at_rest: Cell<bool>,
}

impl Rest {
    /// Something is done that may leave memory behind which is not needed again.
    #[inline]
    pub(crate) fn stir(&self) {
        self.was_busy.set(true);
    }

    /// Ends a tick; whether it is the first in which nothing was done.
    pub(crate) fn begins(&self) -> bool {
        let rests = !self.was_busy.take();
        !self.is_at_rest.replace(rests) && rests
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rest_begins_once() {
        let rest = Rest::default();
        assert!(rest.begins(), "a worker that was just built");
        assert!(!rest.begins());
        rest.stir();
        assert!(!rest.begins());
        assert!(rest.begins());
        assert!(!rest.begins());
    }
}
