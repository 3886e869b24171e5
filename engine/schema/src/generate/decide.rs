//! Which branch of what: a run of decisions that can be taken again, differently.

use super::limits;

/// Decisions in the order in which they come up; [`Decisions::advance`] turns to the next
/// combination, last decision first.
#[derive(Debug, Default)]
pub(super) struct Decisions {
    picks: Vec<(usize, usize)>,
    cursor: usize,
    attempts: usize,
}

impl Decisions {
    /// One of `count` options.
    pub(super) fn pick(&mut self, count: usize) -> usize {
        if self.cursor == self.picks.len() {
            self.picks.push((0, count));
        }
        let (pick, _) = self.picks[self.cursor];
        self.cursor += 1;
        pick.min(count.saturating_sub(1))
    }

    /// Whether there is another combination; if so, the next run takes it.
    pub(super) fn advance(&mut self) -> bool {
        self.picks.truncate(self.cursor);
        self.cursor = 0;
        self.attempts += 1;
        while let Some((pick, count)) = self.picks.pop() {
            if pick + 1 < count {
                self.picks.push((pick + 1, count));
                return self.attempts < limits::ATTEMPTS;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_combination_comes_once_last_decision_first() {
        let mut decisions = Decisions::default();
        let mut seen = Vec::new();
        loop {
            let first = decisions.pick(2);
            let second = if first == 0 { decisions.pick(3) } else { 9 };
            seen.push((first, second));
            if !decisions.advance() {
                break;
            }
        }
        assert_eq!(seen, [(0, 0), (0, 1), (0, 2), (1, 9)]);
    }

    #[test]
    fn attempts_are_bounded() {
        let mut decisions = Decisions::default();
        let mut runs = 0;
        loop {
            (0..20).for_each(|_| _ = decisions.pick(10));
            runs += 1;
            if !decisions.advance() {
                break;
            }
        }
        assert_eq!(runs, limits::ATTEMPTS);
    }
}
