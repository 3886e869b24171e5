//! What a member is, given what stands beside it: a `message` beside an error code, a `name` beside an e-mail.

use super::fakers::{self, Source};
use super::family::Family;
use super::names;

/// Hexadecimal digits of the identity of another object.
const IDENTITY: u32 = 24;

impl Family<'_> {
    /// What makes the values of a member, given what its name alone says.
    pub(super) fn source(&self, member: &str, by_name: Source) -> Source {
        if names::is_one_of(member, "reference") && self.is_labelled() {
            return Source::Characters(fakers::HEX, IDENTITY);
        }
        let Source::Faker(faker) = by_name else { return by_name };
        let told = match fakers::name(faker) {
            "slug" => self.slug(),
            "status" if names::is_state(member) => fakers::source("state").filter(|_| self.is_place()),
            "region" => fakers::source("state").filter(|_| self.is_place()),
            "sentence" | "message" => self.saying(member),
            "thing_name" | "product" | "username" if names::key(member) == "name" => self.called(by_name),
            "full_name" if names::key(member) == "displayname" => {
                fakers::source("thing_name").filter(|_| !self.is_human())
            }
            "birth_date" if self.is_animal() => fakers::source("birth_recent"),
            "company" if names::key(member) == "brand" => {
                fakers::source("card_brand").filter(|_| self.has_source("last_four"))
            }
            "api_group_version" if self.is_labelled() => fakers::source("date_begin"),
            "product" if names::key(member) == "product" && self.is_of("human") => {
                fakers::source("plan_name")
            }
            "language" if self.is_file() => fakers::source("programming_language"),
            "kind" if self.is_file() => fakers::source("mime_type"),
            "kind" if self.is_reference() => fakers::source("resource_kind"),
            "image" => fakers::source("container_image").filter(|_| self.is_container()),
            "kind" if self.is_condition() => fakers::source("condition_type"),
            "reason" if self.is_condition() => fakers::source("condition_reason"),
            _ => None,
        };
        told.unwrap_or(by_name)
    }

    /// What a member says the object is, where it says that in one word of the schema's name: `type`, `object`.
    pub(super) fn species(&self, member: &str) -> Option<String> {
        let is_other = || self.is_condition() || self.is_file() || self.is_reference();
        if !names::is_one_of(member, "species") || is_other() {
            return None;
        }
        if names::key(member) == "kind" && self.has("apiversion") {
            return self.title.rsplit('.').next().filter(|name| !name.is_empty()).map(str::to_owned);
        }
        let named = if self.title.is_empty() { self.parent } else { self.title };
        names::species(named).map(|species| match self.title.is_empty() {
            true => super::arrays::singular(&species).to_owned(),
            false => species,
        })
    }

    /// Texts of an API about what was asked of it, where it is that which the member speaks of.
    fn saying(&self, member: &str) -> Option<Source> {
        if !names::is_one_of(member, "saying") {
            return None;
        }
        let is_judged = || self.names().any(|name| names::is_one_of(name, "judged"));
        fakers::source(match () {
            () if self.is_trouble() => "error_message",
            () if self.names().count() == 1 => "result_message",
            () if is_judged() => "message",
            () => return None,
        })
    }

    /// Whether the object is about what went wrong.
    fn is_trouble(&self) -> bool {
        let is_so = |name: &str| names::has_word(name, "trouble");
        is_so(self.parent) || is_so(self.title) || self.names().any(|name| names::is_one_of(name, "trouble"))
    }

    /// Whether a `name` is that of a person, a thing or an article: what there is beside it says more than the table.
    fn called(&self, by_name: Source) -> Option<Source> {
        let is_own = |faker| {
            let mut own = self.names().filter(|name| names::role(name).is_empty());
            own.any(|name| names::string(name, "") == fakers::source(faker))
        };
        let is_user = Some(by_name) == fakers::source("username");
        let is_person = is_user
            || self.is_of("human")
            || ["email", "first_name", "birth_date", "gender"].into_iter().any(is_own);
        if is_person && !["website", "company_domain", "company"].into_iter().any(is_own) {
            return fakers::source("full_name");
        }
        let is_sold = self.names().any(|name| names::is_one_of(name, "sold"));
        fakers::source("thing_name").filter(|_| Some(by_name) == fakers::source("product") && !is_sold)
    }

    /// Whether its holder, or the author, calls it by a word of a kind that `[words]` has.
    fn is_of(&self, kind: &str) -> bool {
        names::ends_with(self.parent, kind) || names::ends_with(self.title, kind)
    }

    fn is_place(&self) -> bool {
        self.has_city() || self.has_source("country")
    }

    /// Whether the object says what it is, as objects do that refer to others by their identities.
    fn is_labelled(&self) -> bool {
        self.has("object") || self.has("livemode")
    }

    fn is_human(&self) -> bool {
        let signs = ["email", "username", "first_name", "last_name", "gender", "birth_date"];
        self.is_of("human") || signs.into_iter().any(|faker| self.has_source(faker))
    }

    fn is_animal(&self) -> bool {
        self.is_of("animal") || self.has_source("breed")
    }

    /// Whether it says how far something has come, as the conditions of Kubernetes do.
    fn is_condition(&self) -> bool {
        ["lasttransitiontime", "status", "type"].into_iter().all(|name| self.has(name))
    }

    /// Whether it names another object of Kubernetes: those that are no references have metadata.
    fn is_reference(&self) -> bool {
        self.has("kind") && (self.has("apiversion") || self.has("apigroup")) && !self.has("metadata")
    }

    fn is_file(&self) -> bool {
        self.has("filename")
    }

    fn is_container(&self) -> bool {
        let is_so = |name: &str| names::key(name).contains("container");
        is_so(self.parent) || is_so(self.title) || self.has("imagepullpolicy")
    }

    /// Whether the object counts how often somebody may ask.
    pub(super) fn is_rate_limit(&self) -> bool {
        ["limit", "remaining"].into_iter().all(|name| self.has(name))
    }

    fn has(&self, key: &str) -> bool {
        self.names().any(|name| names::key(name) == key)
    }
}
