//! Which requests are made of an operation: the author's examples, the least and the most, then more of the most
//! various.

/// How the parts of one request are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Variant {
    /// The author's values, those of this number where there are several
    Authored(usize),
    /// Only what is required
    Required,
    /// Everything there is
    Full,
    /// What the seed says
    Seeded(usize),
}

impl Variant {
    /// The variants of an operation whose parts have up to `authored` values of the author's. With room for `count`
    /// requests the least and the most are among them where there is room for more than one.
    pub(super) fn all(authored: usize, count: usize) -> impl Iterator<Item = Variant> {
        let authored = authored.min(count.saturating_sub(2)).max(usize::from(authored > 0));
        let seeded = count.saturating_sub(authored + 2);
        let bounds = [Variant::Required, Variant::Full];
        let all = (0..authored).map(Variant::Authored).chain(bounds);
        all.chain((0..seeded).map(Variant::Seeded)).take(count)
    }

    /// A number that no other variant of the operation has.
    pub(super) fn number(self) -> u64 {
        match self {
            Variant::Required => 0,
            Variant::Full => 1,
            Variant::Authored(index) => 2 + 2 * index as u64,
            Variant::Seeded(index) => 3 + 2 * index as u64,
        }
    }

    /// Whether objects have their optional members.
    pub(super) fn fills_objects(self) -> bool {
        match self {
            Variant::Required => false,
            Variant::Authored(_) | Variant::Full => true,
            Variant::Seeded(index) => index % 2 == 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Variant::{self, Authored, Full, Required, Seeded};

    #[test]
    fn examples_come_first_and_bounds_have_room() {
        for (authored, count, expected) in [
            (0, 1, &[Required][..]),
            (3, 1, &[Authored(0)]),
            (3, 2, &[Authored(0), Required]),
            (9, 4, &[Authored(0), Authored(1), Required, Full]),
            (1, 5, &[Authored(0), Required, Full, Seeded(0), Seeded(1)]),
            (0, 3, &[Required, Full, Seeded(0)]),
            (0, 0, &[]),
        ] {
            assert_eq!(Variant::all(authored, count).collect::<Vec<_>>(), expected, "{authored} of {count}");
        }
    }
}
