//! Answers that are sent slowly, piece by piece.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use mocker_runtime::limits::OUTPUT_TARGET;

use crate::limits::{MAX_HELD, PIECES_A_SECOND};

/// How slowly an answer is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pace {
    /// In so many pieces, so long from the first to the last
    Dribble { chunks: u32, duration: Duration },
    /// So many bytes in a second
    Bandwidth(u64),
}

/// An answer on its way.
pub(crate) struct Pieces {
    bytes: Held,
    sent: usize,
    size: usize,
    /// When the next one goes out, in nanoseconds since the first could
    next: u64,
    gap: u64,
}

impl Pieces {
    /// Cuts an answer up.
    pub(crate) fn new(pace: Pace, bytes: Held) -> Pieces {
        let length = bytes.bytes.len().max(1);
        let (size, next, gap) = match pace {
            Pace::Dribble { chunks, duration } => {
                // More of them where one would be larger than output may be.
                let size = length.div_ceil(chunks.max(1) as usize).min(OUTPUT_TARGET);
                let gaps = (length.div_ceil(size) - 1).max(1) as u64;
                (size, 0, nanoseconds(duration) / gaps)
            }
            Pace::Bandwidth(rate) => {
                let rate = rate.max(1);
                let size = (rate / PIECES_A_SECOND).clamp(1, OUTPUT_TARGET as u64);
                let gap = (u128::from(size) * 1_000_000_000 / u128::from(rate)) as u64;
                (size as usize, gap, gap)
            }
        };
        Pieces { bytes, sent: 0, size, next, gap }
    }

    /// Appends what is due so many nanoseconds after the beginning. Gives when there is more, in the same measure;
    /// nothing behind the last.
    pub(crate) fn send(&mut self, elapsed: u64, out: &mut Vec<u8>) -> Option<u64> {
        // One a time: what is late catches up without a wait, and output stays small.
        if elapsed >= self.next {
            let bytes = &self.bytes.bytes;
            let end = bytes.len().min(self.sent + self.size);
            out.extend_from_slice(&bytes[self.sent..end]);
            self.sent = end;
            self.next = self.next.saturating_add(self.gap);
        }
        (self.sent < self.bytes.bytes.len()).then_some(self.next)
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// What a worker's slow answers take, in bytes.
#[derive(Clone, Default)]
pub(crate) struct Holding(Rc<Cell<usize>>);

/// Bytes of an answer that count until they are dropped.
pub(crate) struct Held {
    bytes: Vec<u8>,
    holding: Holding,
}

impl Holding {
    /// Takes what `out` has from `start` on, unless that is too much: then it stays there.
    pub(crate) fn take(&self, out: &mut Vec<u8>, start: usize) -> Option<Held> {
        let held = self.0.get() + (out.len() - start);
        if held > MAX_HELD {
            return None;
        }
        self.0.set(held);
        Some(Held { bytes: out.split_off(start), holding: self.clone() })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let held = &self.holding.0;
        held.set(held.get() - self.bytes.len());
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    /// Times in milliseconds and sizes of the pieces of an answer.
    fn sent(pace: Pace, length: usize) -> Vec<(u64, usize)> {
        let answer: Vec<u8> = (0..length).map(|at| at as u8).collect();
        let mut pieces = Pieces::new(pace, Holding::default().take(&mut answer.clone(), 0).unwrap());
        let (mut found, mut all, mut elapsed) = (Vec::new(), Vec::new(), Some(0));
        while let Some(now) = elapsed {
            let mut out = Vec::new();
            elapsed = pieces.send(now, &mut out);
            if !out.is_empty() {
                found.push((now / 1_000_000, out.len()));
            }
            all.extend(out);
        }
        assert_eq!(all, answer);
        found
    }

    #[test]
    fn pieces_are_as_many_and_as_late_as_asked() {
        let dribble = |chunks, seconds| Pace::Dribble { chunks, duration: Duration::from_secs(seconds) };
        assert_eq!(sent(dribble(5, 2), 10), [(0, 2), (500, 2), (1000, 2), (1500, 2), (2000, 2)]);
        assert_eq!(sent(dribble(3, 1), 10), [(0, 4), (500, 4), (1000, 2)]);
        assert_eq!(sent(dribble(10, 1), 2), [(0, 1), (1000, 1)], "no more pieces than bytes");
        assert_eq!(sent(dribble(1, 1), 2), [(0, 2)]);
        assert_eq!(sent(dribble(0, 1), 1), [(0, 1)]);
        assert_eq!(sent(dribble(2, 3), 4 * OUTPUT_TARGET).len(), 4, "none is larger than output may be");
        assert_eq!(sent(Pace::Bandwidth(100), 5), [(20, 2), (40, 2), (60, 1)]);
        assert_eq!(sent(Pace::Bandwidth(2), 3), [(500, 1), (1000, 1), (1500, 1)]);
        let large = sent(Pace::Bandwidth(u64::MAX), 3 * OUTPUT_TARGET);
        assert_eq!(large, [(0, OUTPUT_TARGET); 3]);
    }

    #[test]
    fn what_is_held_is_bounded() {
        let holding = Holding::default();
        let mut answer = vec![0; MAX_HELD + 1];
        assert!(holding.take(&mut answer, 0).is_none() && answer.len() == MAX_HELD + 1);
        let held = holding.take(&mut answer, 1).unwrap();
        assert_eq!(answer.len(), 1);
        assert!(holding.take(&mut answer, 0).is_none(), "one byte more");
        drop(held);
        assert!(holding.take(&mut answer, 0).is_some());
    }

    proptest! {
        #[test]
        fn all_of_an_answer_is_sent_in_order_and_in_time(
            length in 0..400_000_usize,
            chunks in 0..50_u32,
            milliseconds in 0..5_000_u64,
            rate in 1..2_000_000_u64,
            is_dribble in any::<bool>(),
        ) {
            let duration = Duration::from_millis(milliseconds);
            let rate = rate.max(length as u64 / 40);
            let pace = if is_dribble { Pace::Dribble { chunks, duration } } else { Pace::Bandwidth(rate) };
            // That nothing is lost and nothing comes twice is seen by `sent`.
            let found = sent(pace, length);
            let mut all = 0;
            for (time, size) in found {
                all += size;
                prop_assert!(size <= OUTPUT_TARGET);
                match is_dribble {
                    true => prop_assert!(time <= milliseconds),
                    // A millisecond, for times are whole ones here.
                    false => prop_assert!(all as u64 * 1_000 <= rate * (time + 1) + 1_000),
                }
            }
        }
    }
}
