//! A conjunction of schemas laid flat: references followed, `allOf` joined, one branch of
//! each `oneOf`, `anyOf` and `if` chosen.

use std::sync::Arc;

use serde_json::Value;

use super::decide::Decisions;
use super::fail::Fail;
use super::limits;
use super::outline;
use crate::node::{Logic, ObjectRules, Schema};
use crate::{SchemaId, Schemas, Types};

/// Everything that a value has to obey, as plain schemas side by side.
pub(super) struct Merged<'s> {
    /// Every schema of the conjunction, in the order of the document
    pub(super) atoms: Vec<(SchemaId, &'s Schema)>,
    /// Types that all of them allow
    pub(super) types: Types,
    /// Whether obeying the atoms is enough; otherwise what is made must be judged
    pub(super) sound: bool,
    /// Properties whose value a discriminator dictates
    pub(super) pins: Vec<(Arc<str>, Arc<str>)>,
    /// Properties that may make a branch match that was not chosen
    pub(super) avoid: Vec<Arc<str>>,
    /// Properties that must not be there
    pub(super) forbidden: Vec<Arc<str>>,
    /// Properties that are there because a dependent schema was taken in for them
    pub(super) wanted: Vec<Arc<str>>,
    /// Whether the branches chosen among are all objects, none like the other
    pub(super) variety: usize,
}

/// What has to be decided once the plain keywords are known.
enum Choice<'s> {
    Branch { schema: SchemaId, logic: &'s Logic, branches: &'s [SchemaId], exclusive: bool },
    Condition(&'s Logic),
    Dependent { property: &'s Arc<str>, schema: SchemaId },
}

pub(super) struct Merger<'s, 'd> {
    schemas: &'s Schemas,
    decisions: &'d mut Decisions,
    /// Optional properties are filled, so their dependent schemas hold
    fill: bool,
    choices: std::collections::VecDeque<Choice<'s>>,
    merged: Merged<'s>,
}

impl<'s, 'd> Merger<'s, 'd> {
    /// Lays `conjunction` flat, asking `decisions` where there is a choice.
    pub(super) fn merge(
        schemas: &'s Schemas,
        conjunction: &[SchemaId],
        decisions: &'d mut Decisions,
        fill: bool,
    ) -> Result<Merged<'s>, Fail> {
        let merged = Merged {
            atoms: Vec::with_capacity(conjunction.len() + 2),
            types: Types::ANY,
            sound: true,
            pins: Vec::new(),
            avoid: Vec::new(),
            forbidden: Vec::new(),
            wanted: Vec::new(),
            variety: 0,
        };
        let mut merger = Merger { schemas, decisions, fill, choices: Default::default(), merged };
        for id in conjunction {
            merger.join(*id)?;
        }
        while let Some(choice) = merger.choices.pop_front() {
            merger.choose(choice)?;
        }
        merger.apply_nots()?;
        Ok(merger.merged)
    }

    /// Takes a schema in, with all that it refers to.
    fn join(&mut self, id: SchemaId) -> Result<(), Fail> {
        let mut waiting = vec![id];
        while let Some(id) = waiting.pop() {
            if self.merged.atoms.iter().any(|(known, _)| *known == id) {
                continue;
            }
            let schema = &self.schemas[id];
            self.narrow(id, schema)?;
            self.merged.atoms.push((id, schema));
            if self.merged.atoms.len() > limits::FUEL / 8 {
                return Err(Fail::limit(id, "too many schemas are combined here"));
            }
            if let Some(logic) = &schema.logic {
                waiting.extend(logic.all_of.iter().rev());
                waiting.extend(logic.not.and_then(|not| outline::negated(self.schemas, not)));
                self.defer(id, logic);
            }
            waiting.extend(schema.reference);
            if let Some(rules) = &schema.object {
                self.defer_dependents(rules);
            }
            if let Some(rules) = &schema.array {
                self.merged.sound &= rules.unevaluated.is_none() && rules.max_contains.is_none();
            }
        }
        Ok(())
    }

    fn narrow(&mut self, id: SchemaId, schema: &Schema) -> Result<(), Fail> {
        let types = self.merged.types.and(schema.types);
        if types.is_none() {
            let reason = match schema.types.is_none() {
                true => "the schema is `false`",
                false => "the combined schemas have no type in common",
            };
            return Err(Fail::contradiction(id, reason));
        }
        self.merged.types = types;
        Ok(())
    }

    fn defer(&mut self, schema: SchemaId, logic: &'s Logic) {
        for (branches, exclusive) in [(&logic.one_of, true), (&logic.any_of, false)] {
            if !branches.is_empty() {
                self.choices.push_back(Choice::Branch { schema, logic, branches, exclusive });
            }
        }
        if logic.condition.is_some() && (logic.then.is_some() || logic.otherwise.is_some()) {
            self.choices.push_back(Choice::Condition(logic));
        }
        if let Some(discriminator) = &logic.discriminator {
            let own = |target: &SchemaId| self.merged.atoms.iter().any(|(id, _)| id == target);
            // the base of an inheritance: the name of the schema that was asked for
            let name = discriminator.mapping.iter().find(|(_, target)| own(target));
            if let (Some((name, _)), true) = (name, logic.one_of.is_empty() && logic.any_of.is_empty()) {
                self.merged.pins.push((discriminator.property.clone(), name.clone()));
            }
        }
    }

    fn defer_dependents(&mut self, rules: &'s ObjectRules) {
        for (property, schema) in &rules.dependent_schemas {
            self.choices.push_back(Choice::Dependent { property, schema: *schema });
        }
        if rules.unevaluated.is_some() || rules.names.is_some() {
            self.merged.sound = false;
        }
    }

    fn choose(&mut self, choice: Choice<'s>) -> Result<(), Fail> {
        match choice {
            Choice::Branch { schema, logic, branches, exclusive } => {
                self.choose_branch(schema, logic, branches, exclusive)
            }
            Choice::Condition(logic) => self.choose_condition(logic),
            Choice::Dependent { property, schema } => self.choose_dependent(property, schema),
        }
    }

    fn choose_branch(
        &mut self,
        schema: SchemaId,
        logic: &'s Logic,
        branches: &'s [SchemaId],
        exclusive: bool,
    ) -> Result<(), Fail> {
        let (mut options, last): (Vec<SchemaId>, Vec<SchemaId>) = branches
            .iter()
            .copied()
            .filter(|branch| self.compatible(*branch))
            .partition(|branch| outline::types(self.schemas, *branch) != Types::NULL);
        options.extend(last);
        if options.is_empty() {
            let reason = "no branch of oneOf or anyOf agrees with the schemas around it";
            return Err(Fail::contradiction(schema, reason));
        }
        let chosen = options[self.decisions.pick(options.len())];
        if exclusive {
            self.exclude_others(chosen, branches);
            if outline::types(self.schemas, chosen) == Types::OBJECT {
                self.merged.variety = self.merged.variety.max(options.len());
            }
        }
        if let Some(discriminator) = &logic.discriminator {
            let target = outline::target(self.schemas, chosen);
            let named = discriminator
                .mapping
                .iter()
                .find(|(_, id)| *id == chosen || outline::target(self.schemas, *id) == target);
            if let Some((name, _)) = named {
                self.merged.pins.push((discriminator.property.clone(), name.clone()));
            }
        }
        self.join(chosen)
    }

    /// Notes how the branches that were not chosen are kept from matching.
    fn exclude_others(&mut self, chosen: SchemaId, branches: &[SchemaId]) {
        let own = outline::names(self.schemas, chosen);
        for other in branches.iter().filter(|other| **other != chosen) {
            if outline::disjoint(self.schemas, chosen, *other) {
                continue;
            }
            self.merged.sound = false;
            let names = outline::names(self.schemas, *other);
            self.merged.avoid.extend(names.into_iter().filter(|name| !own.contains(name)));
        }
    }

    fn compatible(&self, branch: SchemaId) -> bool {
        outline::types(self.schemas, branch).intersects(self.merged.types)
            && self.merged.atoms.iter().all(|(id, _)| !outline::pinned_apart(self.schemas, *id, branch))
    }

    fn choose_condition(&mut self, logic: &'s Logic) -> Result<(), Fail> {
        let condition = logic.condition.into_iter();
        match self.decisions.pick(2) {
            0 => condition.chain(logic.then).try_for_each(|id| self.join(id)),
            _ => {
                self.merged.sound = false;
                if let Some(id) = logic.condition {
                    self.merged.avoid.extend(outline::names(self.schemas, id));
                }
                logic.otherwise.into_iter().try_for_each(|id| self.join(id))
            }
        }
    }

    fn choose_dependent(&mut self, property: &'s Arc<str>, schema: SchemaId) -> Result<(), Fail> {
        let required = self.merged.requires(property);
        if required || (self.fill && self.decisions.pick(2) == 0) {
            self.merged.wanted.push(property.clone());
            return self.join(schema);
        }
        self.merged.forbidden.push(property.clone());
        Ok(())
    }

    /// `not`: what can be said the other way round is, the rest is left to judgement.
    fn apply_nots(&mut self) -> Result<(), Fail> {
        let nots: Vec<(SchemaId, SchemaId)> = self
            .merged
            .atoms
            .iter()
            .filter_map(|(id, schema)| Some((*id, schema.logic.as_ref()?.not?)))
            .collect();
        for (id, not) in nots {
            let refused = &self.schemas[outline::target(self.schemas, not)];
            match outline::only(refused) {
                Some(outline::Only::Types(types)) => {
                    self.merged.types = outline::without(self.merged.types, types);
                    if self.merged.types.is_none() {
                        return Err(Fail::contradiction(id, "`not` refuses every type that is allowed"));
                    }
                }
                Some(outline::Only::Required(name)) => self.merged.forbidden.push(name.clone()),
                None => {
                    self.merged.sound = false;
                    self.merged.avoid.extend(outline::names(self.schemas, not));
                }
            }
        }
        Ok(())
    }
}

impl<'s> Merged<'s> {
    /// The schema that speaks for the whole in a report.
    pub(super) fn schema(&self) -> SchemaId {
        self.atoms.first().map_or(SchemaId::new(0), |(id, _)| *id)
    }

    /// Whether some atom requires `name`.
    pub(super) fn requires(&self, name: &str) -> bool {
        self.objects().any(|(_, rules)| rules.required.iter().any(|each| **each == *name))
    }

    /// The object keywords of all atoms.
    pub(super) fn objects(&self) -> impl Iterator<Item = (SchemaId, &'s ObjectRules)> {
        self.atoms.iter().filter_map(|(id, schema)| Some((*id, schema.object.as_deref()?)))
    }

    /// The values that every `enum` and `const` allows; `None` where there is neither.
    pub(super) fn values(&self) -> Option<Vec<&'s Value>> {
        let mut lists = self.atoms.iter().filter_map(|(_, schema)| schema.values.as_deref());
        let first = lists.next()?;
        let rest: Vec<&[Value]> = lists.collect();
        Some(first.iter().filter(|value| rest.iter().all(|list| list.contains(value))).collect())
    }
}
