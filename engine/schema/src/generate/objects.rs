//! Objects: which properties, with which schemas, in the order of the document.

use std::collections::HashSet;
use std::sync::Arc;

use super::block::{self, Block, Op, quote, quoted};
use super::compile::{Compiler, Fill, Place};
use super::excluded::Excluded;
use super::fail::{Cause, Fail};
use super::family::Family;
use super::merge::Merged;
use super::told::{Origin, Told};
use super::{fakers, limits, names, outline};
use crate::{SchemaId, Types};

/// A member as it will be written.
struct Member {
    name: Arc<str>,
    is_required: bool,
    value: Block,
}

/// Names of entries where a schema leaves them open.
const KEYS: [&str; 8] = ["primary", "secondary", "region", "team", "tier", "channel", "segment", "origin"];

impl<'s> Compiler<'s> {
    /// An object that obeys every atom of `merged`.
    pub(super) fn object(
        &mut self,
        merged: &Merged<'s>,
        place: Place<'_>,
        fill: Fill,
    ) -> Result<Block, Fail> {
        let bounds = self.count_bounds(merged)?;
        let mut members = Vec::new();
        let named = self.named(merged, fill);
        let own = Family::of(&named, self.holder(merged, place)).titled(self.title(merged));
        let inside = Place { family: Some(&own), ..place };
        for (name, is_required) in &named {
            let (name, is_required) = (Arc::clone(name), *is_required);
            let conjunction = self.member(merged, &name);
            if self.is_withheld(&conjunction) {
                continue;
            }
            let value = match self.excluded(merged, &named, (&name, is_required, fill), &conjunction, place) {
                Some(Excluded::Absent) => continue,
                Some(Excluded::Value(value)) => Ok(value),
                None => self.member_value(merged, &name, &conjunction, is_required, inside),
            };
            match value {
                Ok(value) => members.push(Member { name, is_required, value }),
                Err(fail) if is_required && !self.is_lenient => return Err(fail),
                Err(_) => {}
            }
        }
        self.drop_dependents(merged, &mut members);
        self.trim(merged, &mut members, bounds.1)?;
        self.extend(merged, &mut members, bounds, inside)?;
        let told = self.told_members(members.iter().map(|member| (&member.name, &member.value)));
        let block = match self.is_record && place.depth == 0 {
            true => {
                let members = members.into_iter().map(|member| block::Member::new(member.name, member.value));
                Block::of(Op::Members(members.collect()))
            }
            // what stands among others, or has a name that does not say it is a part, speaks of others than its holder
            false if place.depth > 0 && (place.family.is_none() || !names::is_part(place.name)) => {
                write(&members).with_own_rows()
            }
            false => write(&members),
        };
        Ok(Block { told, ..block })
    }

    fn count_bounds(&self, merged: &Merged<'s>) -> Result<(u64, u64), Fail> {
        let least = merged.objects().map(|(_, rules)| rules.min_properties).max().unwrap_or(0);
        let most = merged.objects().filter_map(|(_, rules)| rules.max_properties).min().unwrap_or(u64::MAX);
        if least > most {
            let reason = format!("minProperties {least} is above maxProperties {most}");
            return Err(Fail::contradiction(merged.schema(), reason));
        }
        match least > limits::ENTRIES {
            true => Err(Fail::limit(merged.schema(), format!("minProperties {least} is more than is made"))),
            false => Ok((least, most)),
        }
    }

    /// The names that the object shall have, and which of them it must.
    fn named(&self, merged: &Merged<'s>, fill: Fill) -> Vec<(Arc<str>, bool)> {
        let mut required: HashSet<&str> = merged.wanted.iter().map(|name| &**name).collect();
        let mut order: Vec<Arc<str>> = Vec::new();
        let mut seen: HashSet<&'s str> = HashSet::new();
        for (_, rules) in merged.objects() {
            required.extend(rules.required.iter().map(|name| &**name));
            let names = rules.properties.iter().map(|(name, _)| name).chain(&*rules.required);
            order.extend(names.filter(|name| seen.insert(name)).cloned());
        }
        order.extend(merged.wanted.iter().filter(|name| !seen.contains(&***name)).cloned());
        let dependent = close_dependents(merged, &mut required);
        order.extend(dependent.into_iter().filter(|name| !seen.contains(&**name)));
        let forbids = |name: &Arc<str>| merged.forbidden.contains(name);
        order
            .into_iter()
            .map(|name| (required.contains(&*name), name))
            .filter(|(is_required, name)| {
                *is_required
                    || match fill {
                        Fill::All => !forbids(name),
                        Fill::Careful => !forbids(name) && !merged.avoid.contains(name),
                        Fill::Required => false,
                    }
            })
            .map(|(is_required, name)| (name, is_required))
            .collect()
    }

    /// The schemas that hold for the member `name`.
    fn member(&self, merged: &Merged<'s>, name: &str) -> Vec<SchemaId> {
        let mut conjunction = Vec::new();
        let mut is_evaluated = false;
        for (_, rules) in merged.objects() {
            let before = conjunction.len();
            conjunction.extend(rules.property(name));
            let matching = rules.patterns.iter().filter(|(pattern, _)| pattern.is_match(name));
            conjunction.extend(matching.map(|(_, schema)| *schema));
            if conjunction.len() == before {
                conjunction.extend(rules.additional);
            }
            is_evaluated |= conjunction.len() > before;
        }
        if !is_evaluated {
            conjunction.extend(merged.objects().filter_map(|(_, rules)| rules.unevaluated));
        }
        conjunction
    }

    fn member_value(
        &mut self,
        merged: &Merged<'s>,
        name: &Arc<str>,
        conjunction: &[SchemaId],
        is_required: bool,
        place: Place<'_>,
    ) -> Result<Block, Fail> {
        let refused = |reason: String| Err(Fail::contradiction(merged.schema(), reason));
        if merged.forbidden.contains(name) {
            return refused(format!("required property `{name}` is forbidden"));
        }
        if conjunction.iter().any(|id| self.schemas[*id].types.is_none()) {
            return refused(format!(
                "required property `{name}` is forbidden by additionalProperties or a schema `false`"
            ));
        }
        let key = serde_json::Value::String(name.to_string());
        let names: Vec<SchemaId> = merged.objects().filter_map(|(_, rules)| rules.names).collect();
        if !names.is_empty() && !self.obeys(&names, &key) {
            return refused(format!("required property `{name}` is forbidden by propertyNames"));
        }
        if let Some((_, pinned)) = merged.pins.iter().find(|(property, _)| property == name) {
            let value = serde_json::Value::String(pinned.to_string());
            if self.obeys(conjunction, &value) {
                let block = Block::literal(quoted(pinned));
                return Ok(self.told(block, |_| Told::of(Origin::Discriminator)));
            }
        }
        let parent = self.holder(merged, place);
        let depth = place.depth + 1;
        self.value(conjunction, Place { name, parent, depth, optional: !is_required, varied: false, ..place })
    }

    /// What holds the members: the property, or what the author calls the schema.
    pub(super) fn holder<'p>(&self, merged: &Merged<'s>, place: Place<'p>) -> &'p str
    where
        's: 'p,
    {
        match place.name {
            "" => self.title(merged),
            name if names::is_wrapper(name) => {
                Some(self.title(merged)).filter(|title| !title.is_empty()).unwrap_or(name)
            }
            name => name,
        }
    }

    /// What the author calls the schema.
    pub(super) fn title(&self, merged: &Merged<'s>) -> &'s str {
        let mut names = merged.atoms.iter().filter_map(|(_, schema)| schema.notes.as_ref()?.name.as_deref());
        names.next().unwrap_or("")
    }

    /// Leaves out optional members whose `dependentRequired` did not come about.
    fn drop_dependents(&self, merged: &Merged<'s>, members: &mut Vec<Member>) {
        loop {
            let is_dropped = |member: &Member| !member.is_required && lacks(merged, members, &member.name);
            let dropped = members.iter().position(is_dropped);
            match dropped {
                Some(index) => members.remove(index),
                None => return,
            };
        }
    }

    /// Keeps to `maxProperties`: the last optional members go.
    fn trim(&self, merged: &Merged<'s>, members: &mut Vec<Member>, most: u64) -> Result<(), Fail> {
        while members.len() as u64 > most {
            let Some(index) = members.iter().rposition(|member| !member.is_required) else {
                let reason =
                    format!("maxProperties {most} is below the {} required properties", members.len());
                return Err(Fail::contradiction(merged.schema(), reason));
            };
            members.remove(index);
            self.drop_dependents(merged, members);
        }
        Ok(())
    }

    /// Adds entries of the author's choosing (a map) or of our own (`minProperties`).
    fn extend(
        &mut self,
        merged: &Merged<'s>,
        members: &mut Vec<Member>,
        (least, most): (u64, u64),
        place: Place<'_>,
    ) -> Result<(), Fail> {
        let is_map = merged.objects().all(|(_, rules)| rules.properties.is_empty())
            && merged.objects().any(|(_, rules)| self.is_typed_map(rules));
        let usual = match (is_map && self.options.fill_optional, place.minimal) {
            (true, false) if place.depth < 2 => 2,
            (true, false) if self.has_room() => 1,
            _ => 0,
        };
        let wanted = least.max(usual.min(most)) as usize;
        if members.len() >= wanted {
            return Ok(());
        }
        let mut last = None;
        for key in self.keys(merged, wanted, place) {
            if members.len() >= wanted {
                break;
            }
            let name: Arc<str> = key.into();
            if members.iter().any(|member| member.name == name) || lacks(merged, members, &name) {
                continue;
            }
            let conjunction = self.member(merged, &name);
            let is_required = (members.len() as u64) < least;
            match self.member_value(merged, &name, &conjunction, is_required, place) {
                Ok(value) => members.push(Member { name, is_required, value }),
                Err(fail) => last = Some(fail),
            }
        }
        match ((members.len() as u64) < least, last) {
            (false, _) => Ok(()),
            (true, Some(fail)) if fail.cause != Cause::Contradiction => Err(fail),
            _ => {
                let reason = format!("minProperties {least} cannot be reached: no further names are allowed");
                Err(Fail::contradiction(merged.schema(), reason))
            }
        }
    }

    fn is_typed_map(&self, rules: &crate::node::ObjectRules) -> bool {
        let is_typed = |id: &SchemaId| {
            let schema = &self.schemas[*id];
            !outline::is_open(schema) && !schema.types.is_none()
        };
        rules.additional.as_ref().is_some_and(is_typed) || !rules.patterns.is_empty()
    }

    /// Names worth trying, best first: declared ones that were left out, those that
    /// `patternProperties` and `propertyNames` describe, plain words.
    fn keys(&mut self, merged: &Merged<'s>, wanted: usize, place: Place<'_>) -> Vec<String> {
        let mut keys: Vec<String> = Vec::new();
        for (_, rules) in merged.objects() {
            keys.extend(rules.properties.iter().map(|(name, _)| name.to_string()));
            for (pattern, _) in &rules.patterns {
                keys.extend(self.matching(pattern, 0, u64::MAX));
            }
        }
        let names: Vec<SchemaId> = merged.objects().filter_map(|(_, rules)| rules.names).collect();
        if !names.is_empty() {
            let place = Place {
                name: "key",
                optional: false,
                minimal: true,
                varied: true,
                depth: 0,
                family: None,
                ..place
            };
            if let Ok(block) = self.value(&names, place) {
                for _ in 0..wanted * 4 {
                    let text = block.sample(&mut self.random);
                    keys.extend(serde_json::from_slice::<String>(&text));
                }
            }
        }
        keys.extend(self.named_keys(merged, place).iter().cloned());
        keys.extend(KEYS.map(String::from));
        keys.extend((0..wanted * 2).map(|index| format!("{}_{index}", fakers::word(index))));
        keys.retain(|key| !merged.forbidden.iter().any(|name| **name == **key));
        // what needs others may find them there
        keys.sort_by_cached_key(|key| lacks(merged, &[], key));
        keys
    }
}

impl Compiler<'_> {
    /// What entries of a map are called by the name of the map. What has no name counts things by what has become of them.
    fn named_keys(&self, merged: &Merged<'_>, place: Place<'_>) -> &'static [String] {
        let title = self.title(merged);
        let counts = |id: SchemaId| outline::types(self.schemas, id) == Types::INTEGER;
        let is_count = || merged.objects().any(|(_, rules)| rules.additional.is_some_and(counts));
        names::keys(place.name, place.parent)
            .or_else(|| names::keys(title, ""))
            .or_else(|| {
                names::keys("inventory", "").filter(|_| place.depth == 0 && title.is_empty() && is_count())
            })
            .unwrap_or_default()
    }
}

/// Whether `dependentRequired` wants more beside `name` than `members`.
fn lacks(merged: &Merged<'_>, members: &[Member], name: &str) -> bool {
    let lists = merged.objects().flat_map(|(_, rules)| rules.dependent_required.iter());
    let mut needed = lists.filter(|(on, _)| **on == *name).flat_map(|(_, needed)| needed.iter());
    needed.any(|need| !members.iter().any(|member| member.name == *need))
}

/// Completes `required` by `dependentRequired`; gives what was added.
fn close_dependents<'s>(merged: &Merged<'s>, required: &mut HashSet<&'s str>) -> Vec<Arc<str>> {
    let mut added = Vec::new();
    loop {
        let before = added.len();
        for (_, rules) in merged.objects() {
            for (on, needed) in &rules.dependent_required {
                if required.contains(&**on) {
                    added.extend(needed.iter().filter(|need| required.insert(need)).cloned());
                }
            }
        }
        if added.len() == before {
            return added;
        }
    }
}

fn write(members: &[Member]) -> Block {
    let mut block = Block::default();
    let mut text = Vec::new();
    for (index, member) in members.iter().enumerate() {
        text.clear();
        text.push(if index == 0 { b'{' } else { b',' });
        quote(&member.name, &mut text);
        text.push(b':');
        block.push_bytes(&text);
        block.push(member.value.clone());
    }
    block.push_bytes(if members.is_empty() { b"{}" } else { b"}" });
    block
}
