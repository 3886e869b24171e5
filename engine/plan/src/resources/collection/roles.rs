//! What each operation of a collection does, judged by method, path and bodies.

use std::collections::HashMap;

use mocker_openapi::Document;
use mocker_openapi::model::Method;
use mocker_schema::SchemaId;

use super::super::agreement::{ALTERNATIVE, agreement};
use super::super::author::Said;
use super::super::identity::{Asked, variable_types};
use super::super::shape::{Candidate, Pointer, Step, lists, singles};
use super::super::{Action, Doubt, Identity, Role, operation_name, properties};
use super::group::{Group, Member};
use crate::choice;
use crate::media::{self, Kind};
use crate::variants::preferred;

/// A resource as far as its operations tell.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) entity: SchemaId,
    /// Schema of what is listed, where something is read too
    pub(super) listed: Option<SchemaId>,
    pub(super) actions: Vec<Found>,
}

/// An operation and what it turned out to do.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) operation: usize,
    pub(super) role: Role,
    body: Option<Pointer>,
    reason: String,
}

impl Found {
    pub(super) fn action(&self) -> Action {
        let Found { operation, role, body, reason } = self.clone();
        Action { operation, role, body, reason }
    }
}

/// Decides what the operations of `group` do. `None` where they are no resource; then nothing is said but of lists
/// and reads that looked like one.
pub(super) fn assign(
    document: &Document,
    said: &[Said],
    group: &mut Group<'_>,
    known: &HashMap<SchemaId, Identity>,
    doubts: &mut Vec<Doubt>,
) -> Option<Draft> {
    let collection = group.texts.last().copied().unwrap_or_default();
    let mut judge = Judge { document, said, collection, known, doubts };
    let items = group.members.iter().map(|member| member.variables.len()).filter(|count| *count > 0).min();
    let (mut draft, rest) = judge.entity(group, items.unwrap_or_default())?;
    for member in rest {
        match judge.further(&draft, &member) {
            Verdict::Is(found) => draft.actions.push(found),
            Verdict::Elsewhere => group.returned.push(member.operation),
            Verdict::Nothing => {}
        }
    }
    draft.actions.sort_by_key(|action| action.operation);
    Some(draft)
}

enum Verdict {
    Is(Found),
    /// It may be a collection of its own
    Elsewhere,
    Nothing,
}

struct Judge<'a> {
    document: &'a Document,
    said: &'a [Said],
    /// The last text of the collection's path
    collection: &'a str,
    /// What identifies entities of schemas that something else reads
    known: &'a HashMap<SchemaId, Identity>,
    doubts: &'a mut Vec<Doubt>,
}

/// A list or a read with what its body may have.
struct Seen<'g, 'd> {
    member: &'g Member<'d>,
    candidates: Vec<Candidate>,
}

impl Judge<'_> {
    /// What is listed and read, and the operations that are neither.
    fn entity<'d>(&mut self, group: &Group<'d>, items: usize) -> Option<(Draft, Vec<Member<'d>>)> {
        let (mut list, mut reads, mut rest) = (None, Vec::new(), Vec::new());
        for member in &group.members {
            let is_item = !member.variables.is_empty();
            match self.role(member) {
                Some(Role::List) if member.below.is_none() && list.is_none() => {
                    list = Some(self.seen(member))
                }
                Some(Role::Read) if is_item && member.variables.len() > items && self.is_unsaid(member) => {
                    self.doubt(member, "it takes more variables than the other reads of the collection");
                }
                Some(Role::Read) => reads.push(self.seen(member)),
                _ => rest.push(member.clone()),
            }
        }
        let found = match list {
            Some(list) => self.paired(&list, &reads).or_else(|| self.alone(group, list, &reads)),
            None => reads.first().and_then(|read| self.read_alone(read)),
        };
        let draft = found?;
        for read in &reads {
            if draft.actions.iter().all(|found| found.operation != read.member.operation) {
                self.doubt(read.member, "another operation reads these, or what it gives is something else");
            }
        }
        Some((draft, rest))
    }

    /// The list and the read whose bodies agree best.
    fn paired(&self, list: &Seen<'_, '_>, reads: &[Seen<'_, '_>]) -> Option<Draft> {
        let (mut best, mut most) = (None, 0);
        for read in reads {
            for (many, one) in
                list.candidates.iter().flat_map(|many| read.candidates.iter().map(move |one| (many, one)))
            {
                let Some((strength, reason)) = self.agreed(list, read, many, one) else { continue };
                let score = strength * 16 + u32::from(many.likely) * 4 + u32::from(one.likely) + 1;
                if score > most {
                    (best, most) = (Some((read, many, one, reason)), score);
                }
            }
        }
        let (read, many, one, reason) = best?;
        let reason = |operation| format!("{reason}, as in {}", operation_name(self.document, operation));
        let listing = found(list.member, Role::List, many, reason(read.member.operation));
        let reading = found(read.member, Role::Read, one, reason(list.member.operation));
        Some(Draft { entity: one.entity, listed: Some(many.entity), actions: vec![listing, reading] })
    }

    /// How sure it is that what is listed is what is read, and why.
    fn agreed(
        &self,
        list: &Seen<'_, '_>,
        read: &Seen<'_, '_>,
        many: &Candidate,
        one: &Candidate,
    ) -> Option<(u32, String)> {
        let agreed = agreement(&self.document.schemas, many.entity, one.entity);
        if let Some(agreed) = agreed {
            return Some((agreed.strength, agreed.reason));
        }
        let is_authored = !self.is_unsaid(list.member) && !self.is_unsaid(read.member);
        is_authored.then(|| (0, AUTHORED.to_owned()))
    }

    /// A list of which nothing is read, or nothing that agrees.
    fn alone(&mut self, group: &Group<'_>, list: Seen<'_, '_>, reads: &[Seen<'_, '_>]) -> Option<Draft> {
        let member = list.member;
        if let Some(read) = reads.first() {
            let read = operation_name(self.document, read.member.operation);
            self.doubt(member, &format!("its answer has no list of what {read} gives"));
            return reads.first().and_then(|read| self.read_alone(read));
        }
        let has_items = group.members.iter().any(|member| !member.variables.is_empty());
        let Some(many) = self.only_list(&list) else {
            if has_items || !self.is_unsaid(member) {
                self.doubt(member, "its answer has no list of objects, or several and none is named so");
            }
            return None;
        };
        let is_known = || self.known.contains_key(&properties::target(&self.document.schemas, many.entity));
        let is_identified = has_items || self.identified(many.entity, None).is_some() || is_known();
        if self.is_unsaid(member) && !is_identified {
            self.doubt(member, "nothing identifies what it lists");
            return None;
        }
        let reason = match many.at.0.last() {
            Some(Step::Member(name)) => format!("its answer has a list in `{name}`"),
            _ => "its answer is a list".to_owned(),
        };
        let listing = found(member, Role::List, &many, self.because(member, reason));
        Some(Draft { entity: many.entity, listed: None, actions: vec![listing] })
    }

    /// The list of an envelope that speaks for itself: the only likely one.
    fn only_list(&self, list: &Seen<'_, '_>) -> Option<Candidate> {
        if !self.is_unsaid(list.member) {
            return list.candidates.first().cloned();
        }
        let mut likely = list.candidates.iter().filter(|candidate| candidate.likely > 0);
        let first = likely.next()?;
        let is_clear = likely.next().is_none_or(|second| second.likely < first.likely);
        // what is identified itself is an entity with a list in it
        let body = self.body(list.member.operation);
        let is_entity =
            !first.at.0.is_empty() && body.is_some_and(|body| self.identified(body, None).is_some());
        (is_clear && !is_entity).then(|| first.clone())
    }

    /// A read of what nothing lists: an object that has what the path asks for.
    fn read_alone(&mut self, read: &Seen<'_, '_>) -> Option<Draft> {
        let member = read.member;
        let variable = member.variables.last().copied();
        let fits = |candidate: &&Candidate| {
            (candidate.at.0.is_empty() || candidate.likely > 1)
                && (self
                    .identified(candidate.entity, variable.map(|name| (name, member.operation)))
                    .is_some()
                    || !self.is_unsaid(member))
        };
        let wrapped = read.candidates.iter().filter(|candidate| candidate.likely > 1).find(fits);
        let one = wrapped.or_else(|| read.candidates.iter().find(fits));
        let Some(one) = one.cloned() else {
            let asked = variable.unwrap_or_default();
            self.doubt(member, &format!("its answer has nothing that `{{{asked}}}` would be"));
            return None;
        };
        let reason = match variable {
            Some(variable) => format!("its answer has what `{{{variable}}}` asks for"),
            None => "its answer is an object".to_owned(),
        };
        let reading = found(member, Role::Read, &one, self.because(member, reason));
        Some(Draft { entity: one.entity, listed: None, actions: vec![reading] })
    }

    /// What an operation does beside the list and the read.
    fn further(&mut self, draft: &Draft, member: &Member<'_>) -> Verdict {
        let Some(role) = self.role(member) else { return Verdict::Nothing };
        let name = |role: Role| format!("by its method, it {} one", role.verb());
        match role {
            Role::List => self.selection(draft, member),
            Role::Read => Verdict::Nothing,
            Role::Delete => Verdict::Is(self.deleted(draft, member, name(role))),
            Role::Create | Role::Replace | Role::Change => self.written(draft, member, role),
        }
    }

    /// A list below the collection: of the same entities.
    fn selection(&self, draft: &Draft, member: &Member<'_>) -> Verdict {
        let schemas = &self.document.schemas;
        let known = [Some(draft.entity), draft.listed];
        let candidates = self.seen(member).candidates;
        let same = candidates.iter().find_map(|many| {
            let agreed = known.iter().flatten().filter_map(|known| agreement(schemas, many.entity, *known));
            let agreed = agreed.max_by_key(|agreed| agreed.strength)?;
            (agreed.strength >= ALTERNATIVE).then(|| (many, format!("a selection: {}", agreed.reason)))
        });
        match (same, candidates.first()) {
            (Some((many, reason)), _) => {
                Verdict::Is(found(member, Role::List, many, self.because(member, reason)))
            }
            (None, Some(many)) if !self.is_unsaid(member) => {
                Verdict::Is(found(member, Role::List, many, AUTHORED.to_owned()))
            }
            _ => Verdict::Elsewhere,
        }
    }

    /// An operation that sends an entity: what it gets or gives should be one.
    fn written(&mut self, draft: &Draft, member: &Member<'_>, role: Role) -> Verdict {
        let schemas = &self.document.schemas;
        if role == Role::Replace && member.variables.is_empty() && self.is_unsaid(member) {
            return self.replaced(draft, member);
        }
        let given = self.seen(member).candidates.into_iter().find_map(|one| {
            let known = [Some(draft.entity), draft.listed];
            let agreed =
                known.into_iter().flatten().find_map(|known| agreement(schemas, one.entity, known))?;
            Some((one, agreed.reason))
        });
        if let Some((one, reason)) = given {
            return Verdict::Is(found(member, role, &one, self.because(member, reason)));
        }
        let sent = self.sent(member.operation).and_then(|sent| agreement(schemas, sent, draft.entity));
        if let Some(sent) = sent {
            return Verdict::Is(self.bare(member, role, format!("what is sent is one: {}", sent.reason)));
        }
        let is_plain = self.body(member.operation).is_none() && role != Role::Change;
        let is_change = *self.method(member) == Method::Patch;
        if is_plain || is_change || !self.is_unsaid(member) {
            return Verdict::Is(self.bare(member, role, "by its method and path".to_owned()));
        }
        self.doubt(member, "what it gives and what it is sent is something else");
        Verdict::Nothing
    }

    /// A deletion: its answer may be the very entity.
    fn deleted(&self, draft: &Draft, member: &Member<'_>, reason: String) -> Found {
        let schemas = &self.document.schemas;
        let is_one = |one: &Candidate| {
            // a list is of those that are left
            !one.at.0.contains(&Step::Only)
                && properties::target(schemas, one.entity) == properties::target(schemas, draft.entity)
        };
        let given = self.seen(member).candidates.into_iter().find(is_one);
        Found { body: given.map(|one| one.at), ..self.bare(member, Role::Delete, reason) }
    }

    /// A replacement that names in its body what it replaces: it gets and gives the very entity.
    fn replaced(&self, draft: &Draft, member: &Member<'_>) -> Verdict {
        let schemas = &self.document.schemas;
        let is_sent = self.sent(member.operation).is_some_and(|sent| {
            agreement(schemas, sent, draft.entity).is_some_and(|agreed| agreed.strength >= ALTERNATIVE)
        });
        let given = self.seen(member).candidates.into_iter().find_map(|one| {
            let agreed = agreement(schemas, one.entity, draft.entity)?;
            (agreed.strength >= ALTERNATIVE).then_some((one, agreed.reason))
        });
        match given.filter(|_| is_sent) {
            Some((one, reason)) => Verdict::Is(found(member, Role::Replace, &one, reason)),
            None => Verdict::Nothing,
        }
    }

    /// What an operation would do by its method and where its path lies; what the author says, before that.
    fn role(&self, member: &Member<'_>) -> Option<Role> {
        if let Some(role) = self.said[member.operation].role {
            return Some(role);
        }
        let is_item = !member.variables.is_empty();
        match (self.method(member), is_item, member.below) {
            (Method::Get, true, _) => Some(Role::Read),
            (Method::Get, false, _) => Some(Role::List),
            (Method::Post, false, None | Some("create" | "new" | "add")) => Some(Role::Create),
            // its identity is in what is sent
            (Method::Put, true, _) | (Method::Put, false, None) => Some(Role::Replace),
            (Method::Patch | Method::Post, true, _) => Some(Role::Change),
            (Method::Delete, true, _) => Some(Role::Delete),
            _ => None,
        }
    }

    fn method(&self, member: &Member<'_>) -> &Method {
        &self.document.operations[member.operation].method
    }

    fn seen<'g, 'd>(&self, member: &'g Member<'d>) -> Seen<'g, 'd> {
        let schemas = &self.document.schemas;
        let is_list = self.role(member) == Some(Role::List);
        let found = self.body(member.operation).map(|body| match is_list {
            true => lists(schemas, body, self.collection),
            false => singles(schemas, body, self.collection),
        });
        let mut candidates = found.unwrap_or_default();
        if let Some(wanted) = &self.said[member.operation].body {
            candidates.retain(|candidate| candidate.at == *wanted);
        }
        Seen { member, candidates }
    }

    /// Schema of the usual answer, where that is JSON.
    fn body(&self, operation: usize) -> Option<SchemaId> {
        answered(self.document, operation)
    }

    /// Schema of what is sent.
    fn sent(&self, operation: usize) -> Option<SchemaId> {
        let body = self.document.operations[operation].request_body.as_deref()?;
        let is_read = |name: &str| is_json(name) || matches!(media::kind(name), Kind::Form | Kind::Multipart);
        body.content.iter().find(|media| is_read(&media.name)).and_then(|media| media.schema)
    }

    fn identified(&self, entity: SchemaId, variable: Option<(&str, usize)>) -> Option<Identity> {
        let schemas = &self.document.schemas;
        let types = |(name, operation): (&'_ str, usize)| {
            variable_types(schemas, &self.document.operations[operation], name)
        };
        let variable = variable.map(|of| (of.0, types(of)));
        Asked { schemas, entity, listed: None, collection: self.collection, variable }.answer()
    }

    fn bare(&self, member: &Member<'_>, role: Role, reason: String) -> Found {
        let reason = self.because(member, reason);
        Found { operation: member.operation, role, body: None, reason }
    }

    /// Whether the author says nothing of what the operation does.
    fn is_unsaid(&self, member: &Member<'_>) -> bool {
        let said = &self.said[member.operation];
        said.role.is_none() && said.body.is_none()
    }

    fn because(&self, member: &Member<'_>, reason: String) -> String {
        if self.is_unsaid(member) { reason } else { AUTHORED.to_owned() }
    }

    fn doubt(&mut self, member: &Member<'_>, reason: &str) {
        self.doubts.push(Doubt { operation: member.operation, reason: reason.to_owned() });
    }
}

/// The reason that goes before all others.
const AUTHORED: &str = "the author says so";

fn found(member: &Member<'_>, role: Role, candidate: &Candidate, reason: String) -> Found {
    Found { operation: member.operation, role, body: Some(candidate.at.clone()), reason }
}

/// Schema of an operation's usual answer, where that is JSON.
pub(super) fn answered(document: &Document, operation: usize) -> Option<SchemaId> {
    let responses = &document.operations[operation].responses;
    let response = &responses[choice::usual(responses)?.response].1;
    let media = &response.content[preferred(response)?];
    is_json(&media.name).then_some(media.schema)?
}

fn is_json(name: &str) -> bool {
    matches!(media::essence(name).as_str(), "*/*" | "application/*") || media::kind(name) == Kind::Json
}
