//! Which members of one object speak of the same: `billing_city` and `billing_zip`, `first_name` and `email`.

use std::collections::HashSet;

use super::block::{Block, Op};
use super::fakers::{self, Source};
use super::rows::Group;
use super::{Key, limits, names};
use std::sync::Arc;

/// The members of an object, as far as they speak of people, places and things.
pub(super) struct Family {
    /// The only one that is spoken of, where some names say so and others do not
    only: Option<String>,
    /// What makes the object's slug
    slug: Option<Source>,
    /// Whether a city is among them, so that a state is a part of a country
    has_city: bool,
}

impl Family {
    /// That of an object with members of these names, held by `parent`.
    pub(super) fn of<'n>(members: impl Iterator<Item = &'n str> + Clone, parent: &str) -> Family {
        let roles: HashSet<String> =
            members.clone().map(names::role).filter(|role| names::is_self(role)).collect();
        let only = if roles.len() == 1 { roles.into_iter().next() } else { None };
        let sources = members.clone().filter_map(|name| names::string(name, parent));
        let has_city = sources.clone().any(|source| source_is(source, &["city", "postal_code"]));
        let has_slug = sources.clone().any(|source| source_is(source, &["slug"]));
        let slug = has_slug.then(|| {
            let mut made: Vec<Source> = sources.collect();
            // a title says more of a thing than its name, a name more than that of its maker
            made.sort_by_key(|source| fakers::slug_of(*source).map(slug_rank));
            made.into_iter().find_map(fakers::slug_of)
        });
        Family { only, slug: slug.flatten(), has_city }
    }

    /// What makes the values of a member, given what its name alone says.
    pub(super) fn source(&self, member: &str, by_name: Source) -> Source {
        let told = match by_name {
            Source::Faker(faker) if fakers::name(faker) == "slug" => self.slug,
            Source::Faker(faker) if fakers::name(faker) == "status" && self.has_city => {
                fakers::source("state").filter(|_| names::is_state(member))
            }
            _ => None,
        };
        told.unwrap_or(by_name)
    }

    /// What tells the rows of a member from those of others in the object.
    pub(super) fn salt(&self, member: &str, group: Group) -> u64 {
        let role = names::role(member);
        let role = if self.only.as_ref() == Some(&role) { "" } else { &*role };
        Key(group as u64).with(role.as_bytes()).0
    }
}

fn source_is(source: Source, names: &[&str]) -> bool {
    matches!(source, Source::Faker(faker) if names.contains(&fakers::name(faker)))
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
        Block::of(Op::Scope(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn family(members: &[&str]) -> Family {
        Family::of(members.iter().copied(), "")
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
            let family = family(members);
            let same = family.salt(one, Group::Person) == family.salt(other, Group::Person);
            assert_eq!(same, is_same, "{members:?}");
        }
        let family = family(&["billing_city", "billing_address_line_1", "shipping_zip", "city"]);
        let salt = |name| family.salt(name, Group::Place);
        assert_eq!(salt("billing_city"), salt("billing_address_line_1"));
        assert_ne!(salt("billing_city"), salt("shipping_zip"));
        assert_ne!(salt("billing_city"), salt("city"));
        assert_ne!(family.salt("city", Group::Person), salt("city"));
    }

    #[test]
    fn a_slug_is_made_of_what_the_object_is_called() {
        for (members, expected) in [
            (&["title", "slug"][..], "slug"),
            (&["slug", "name"], "thing_slug"),
            (&["author", "title", "slug"], "slug"),
            (&["slug", "text"], "slug"),
        ] {
            let slug = fakers::source("slug").map(|source| family(members).source("slug", source));
            assert_eq!(slug, fakers::source(expected), "{members:?}");
        }
    }

    #[test]
    fn a_state_beside_a_city_is_of_a_country() {
        for (members, expected) in [(["state", "city"], "state"), (["state", "progress"], "status")] {
            let state = names::string("state", "").map(|source| family(&members).source("state", source));
            assert_eq!(state, fakers::source(expected), "{members:?}");
        }
    }
}
