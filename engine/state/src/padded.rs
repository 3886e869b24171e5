//! Locks that cores do not share cache lines of.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A lock of its own cache lines.
#[repr(align(128))]
#[derive(Default)]
pub(crate) struct Padded<T>(Mutex<T>);

impl<T> Padded<T> {
    /// A lock whose holder panicked is taken all the same: no operation leaves what it guards half changed.
    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::Padded;

    #[test]
    fn a_holder_that_panics_takes_nobody_along() {
        let lock = Padded::<u32>::default();
        let panicked = std::thread::scope(|threads| {
            let holder = threads.spawn(|| {
                let mut held = lock.lock();
                *held = 1;
                panic!("while it is held");
            });
            holder.join().is_err()
        });
        assert!(panicked);
        assert_eq!(*lock.lock(), 1);
    }
}
