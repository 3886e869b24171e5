//! Which members of one object speak of the same: `billing_city` and `billing_zip`, `first_name` and `email`.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::sync::Arc;

use super::block::{Block, Op};
use super::fakers::{self, Source};
use super::rows::Group;
use super::{Key, limits, names};

/// The members of an object, as far as they speak of people, places and things. Most objects speak of none, so that
/// nothing is looked at before it is asked for.
pub(super) struct Family<'f> {
    /// Names, and whether they are required
    members: &'f [(Arc<str>, bool)],
    pub(super) parent: &'f str,
    /// What the author calls the schema; empty for none
    pub(super) title: &'f str,
    /// The only one that is spoken of, where some names say so and others do not
    only: OnceCell<Option<String>>,
    /// What makes the members' values, by their names alone
    sources: OnceCell<Vec<Source>>,
}

impl<'f> Family<'f> {
    /// That of an object with these members, held by `parent`.
    pub(super) fn of(members: &'f [(Arc<str>, bool)], parent: &'f str) -> Family<'f> {
        Family { members, parent, title: "", only: OnceCell::new(), sources: OnceCell::new() }
    }

    /// The same, of a schema that the author has a name for.
    pub(super) fn titled(self, title: &'f str) -> Family<'f> {
        Family { title, ..self }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'f str> {
        self.members.iter().map(|(name, _)| &**name)
    }

    fn only(&self) -> Option<&str> {
        let only = self.only.get_or_init(|| {
            let roles = self.members.iter().map(|(name, _)| names::role(name));
            let roles: HashSet<String> = roles.filter(|role| names::is_self(role)).collect();
            if roles.len() == 1 { roles.into_iter().next() } else { None }
        });
        only.as_deref()
    }

    fn sources(&self) -> &[Source] {
        self.sources.get_or_init(|| {
            self.members.iter().filter_map(|(name, _)| names::string(name, self.parent)).collect()
        })
    }

    pub(super) fn has_city(&self) -> bool {
        ["city", "postal_code"].into_iter().any(|faker| self.has_source(faker))
    }

    /// Whether the name of some member alone asks for this faker.
    pub(super) fn has_source(&self, faker: &str) -> bool {
        let source = fakers::source(faker);
        self.sources().iter().any(|each| Some(*each) == source)
    }

    /// A title says more of a thing than its name, a name more than that of its maker.
    pub(super) fn slug(&self) -> Option<Source> {
        let slugs = self.sources().iter().filter_map(|source| fakers::slug_of(*source));
        slugs.min_by_key(|slug| slug_rank(*slug))
    }

    /// What tells the rows of a member from those of others in the object.
    pub(super) fn salt(&self, member: &str, group: Group) -> u64 {
        let role = match group {
            // brand, number and code of a card have little in common
            Group::Card => String::new(),
            _ => names::role(member),
        };
        let role = if self.only() == Some(&*role) { "" } else { &*role };
        Key(group as u64).with(role.as_bytes()).0
    }
}

fn slug_rank(source: Source) -> usize {
    let ranked = ["slug", "product_slug", "thing_slug", "company_slug", "person_slug"];
    ranked.iter().position(|name| fakers::source(name) == Some(source)).unwrap_or(ranked.len())
}

impl Block {
    /// Has all columns of a row draw from the rows that each of them has: what one member cannot be, the others are not
    /// the companions of.
    pub(super) fn join_rows(&mut self) {
        let mut known: Vec<(u64, Arc<[u16]>)> = Vec::new();
        self.each_row(&mut |salt, rows| {
            let Some(rows) = rows else { return };
            match known.iter_mut().find(|(each, _)| *each == salt) {
                Some((_, common)) => {
                    *common = common.iter().copied().filter(|row| rows.contains(row)).collect()
                }
                None => known.push((salt, Arc::clone(rows))),
            }
        });
        known.retain(|(_, common)| common.len() >= limits::ROWS_LEFT);
        self.each_row(&mut |salt, rows| {
            if let Some((_, common)) = known.iter().find(|(each, _)| *each == salt) {
                *rows = Some(Arc::clone(common));
            }
        });
    }

    /// Calls `visit` for each column that is drawn from the rows of this object.
    fn each_row(&mut self, visit: &mut impl FnMut(u64, &mut Option<Arc<[u16]>>)) {
        for op in &mut self.ops {
            match op {
                Op::Row { salt, rows, .. } => visit(*salt, rows),
                Op::Repeat { body, .. } => body.each_row(visit),
                Op::Choice(blocks) => blocks.iter_mut().for_each(|block| block.each_row(visit)),
                Op::Members(members) => members.iter_mut().for_each(|member| member.value.each_row(visit)),
                _ => {}
            }
        }
    }

    /// The block with rows of its own, if it draws from any.
    pub(super) fn with_own_rows(mut self) -> Block {
        let mut draws = false;
        self.each_row(&mut |_, _| draws = true);
        if !draws {
            return self;
        }
        self.join_rows();
        Block::of(Op::Scope(Box::new(self)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(names: &[&str]) -> Vec<(Arc<str>, bool)> {
        names.iter().map(|name| (Arc::from(*name), false)).collect()
    }

    #[test]
    fn who_is_spoken_of_is_in_the_name() {
        for (members, one, other, is_same) in [
            (&["first_name", "email"][..], "first_name", "email", true),
            (&["customer_name", "email"], "customer_name", "email", true),
            (&["customerName", "customerEmail", "email"], "customerName", "customerEmail", true),
            (&["userName", "email"], "userName", "email", true),
            (&["sender_name", "recipient_email"], "sender_name", "recipient_email", false),
            (&["owner_email", "email"], "owner_email", "email", false),
            (&["customer_email", "client_email", "email"], "customer_email", "email", false),
        ] {
            let named = self::members(members);
            let family = Family::of(&named, "");
            let same = family.salt(one, Group::Person) == family.salt(other, Group::Person);
            assert_eq!(same, is_same, "{members:?}");
        }
        let named = members(&["billing_city", "billing_address_line_1", "shipping_zip", "city"]);
        let family = Family::of(&named, "");
        let salt = |name| family.salt(name, Group::Place);
        assert_eq!(salt("billing_city"), salt("billing_address_line_1"));
        assert_ne!(salt("billing_city"), salt("shipping_zip"));
        assert_ne!(salt("billing_city"), salt("city"));
        assert_ne!(family.salt("city", Group::Person), salt("city"));
    }

    #[test]
    fn a_slug_is_made_of_what_the_object_is_called() {
        for (names, expected) in [
            (&["title", "slug"][..], "slug"),
            (&["slug", "name"], "thing_slug"),
            (&["author", "title", "slug"], "slug"),
            (&["slug", "text"], "slug"),
        ] {
            let named = members(names);
            let slug = fakers::source("slug").map(|source| Family::of(&named, "").source("slug", source));
            assert_eq!(slug, fakers::source(expected), "{names:?}");
        }
    }

    #[test]
    fn a_state_beside_a_city_is_of_a_country() {
        for (own, expected) in [(["state", "city"], "state"), (["state", "progress"], "status")] {
            let named = members(&own);
            let state =
                names::string("state", "").map(|source| Family::of(&named, "").source("state", source));
            assert_eq!(state, fakers::source(expected), "{own:?}");
        }
    }
}
