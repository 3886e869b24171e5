//! Fingerprints of schemas: of what each says and of all it leads to, wherever it stands.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use mocker_schema::node::{ArrayRules, Logic, Named, NumberRules, ObjectRules, Schema, StringRules, Xml};
use mocker_schema::{SchemaId, Schemas};

use super::components::closed;

/// Fingerprints by schema. Schemas that lead to each other have part in each other's.
pub(super) fn schemas(all: &Schemas) -> Vec<u64> {
    let mut leads = Leads { from: Vec::with_capacity(all.len() + 1), to: Vec::new() };
    let own: Vec<u64> = all.iter().map(|(_, schema)| leads.of(schema)).collect();
    leads.from.push(leads.to.len());
    closed(&own, |node| leads.children(node))
}

/// Which schemas each schema names, in order: those of `node` are `to[from[node]..from[node + 1]]`.
struct Leads {
    from: Vec<usize>,
    to: Vec<u32>,
}

impl Leads {
    fn children(&self, node: u32) -> &[u32] {
        &self.to[self.from[node as usize]..self.from[node as usize + 1]]
    }

    /// Notes which schemas one names; gives the fingerprint of all else in it.
    fn of(&mut self, schema: &Schema) -> u64 {
        self.from.push(self.to.len());
        let mut content = Content { hasher: DefaultHasher::new(), to: &mut self.to };
        content.schema(schema);
        content.hasher.finish()
    }
}

/// What a schema says without where it stands.
struct Content<'l> {
    hasher: DefaultHasher,
    to: &'l mut Vec<u32>,
}

impl Content<'_> {
    fn child(&mut self, child: SchemaId) {
        self.to.push(child.index() as u32);
    }

    fn maybe(&mut self, child: Option<SchemaId>) {
        child.is_some().hash(&mut self.hasher);
        child.into_iter().for_each(|child| self.child(child));
    }

    fn list(&mut self, children: &[SchemaId]) {
        children.len().hash(&mut self.hasher);
        children.iter().for_each(|child| self.child(*child));
    }

    fn named(&mut self, children: &Named) {
        children.len().hash(&mut self.hasher);
        for (name, child) in children {
            name.hash(&mut self.hasher);
            self.child(*child);
        }
    }

    fn schema(&mut self, schema: &Schema) {
        let Schema {
            types,
            reference,
            values,
            constant,
            format,
            number,
            string,
            array,
            object,
            logic,
            notes,
            ..
        } = schema;
        let Schema { read_only, write_only, position: _, .. } = schema;
        let places = [number.is_some(), string.is_some(), array.is_some(), object.is_some(), logic.is_some()];
        (format!("{types:?}"), values, constant, format, places, read_only, write_only)
            .hash(&mut self.hasher);
        self.maybe(*reference);
        number.iter().for_each(|rules| self.number(rules));
        string.iter().for_each(|rules| self.string(rules));
        array.iter().for_each(|rules| self.array(rules));
        object.iter().for_each(|rules| self.object(rules));
        logic.iter().for_each(|rules| self.logic(rules));
        if let Some(notes) = notes {
            (&notes.default, &notes.examples, &notes.name, &notes.faker).hash(&mut self.hasher);
            let xml = notes.xml.as_deref();
            let xml = xml.map(|Xml { name, namespace, prefix, attribute, wrapped, text }| {
                (name, namespace, prefix, attribute, wrapped, text)
            });
            xml.hash(&mut self.hasher);
        }
    }

    fn number(&mut self, rules: &NumberRules) {
        let NumberRules { minimum, maximum, exclusive_minimum, exclusive_maximum, multiple_of } = rules;
        (minimum, maximum, exclusive_minimum, exclusive_maximum, multiple_of).hash(&mut self.hasher);
    }

    fn string(&mut self, rules: &StringRules) {
        let StringRules { min_length, max_length, pattern, content_encoding, content_media_type } = rules;
        let pattern = pattern.as_ref().map(|pattern| &pattern.source);
        (min_length, max_length, pattern, content_encoding, content_media_type).hash(&mut self.hasher);
    }

    fn array(&mut self, rules: &ArrayRules) {
        let ArrayRules { min_contains, max_contains, min_items, max_items, unique, .. } = rules;
        (min_contains, max_contains, min_items, max_items, unique).hash(&mut self.hasher);
        let ArrayRules { prefix, items, contains, unevaluated, .. } = rules;
        self.list(prefix);
        [*items, *contains, *unevaluated].into_iter().for_each(|child| self.maybe(child));
    }

    fn object(&mut self, rules: &ObjectRules) {
        let ObjectRules { required, min_properties, max_properties, dependent_required, .. } = rules;
        (required, min_properties, max_properties, dependent_required).hash(&mut self.hasher);
        let ObjectRules { properties, patterns, additional, names, dependent_schemas, unevaluated, .. } =
            rules;
        self.named(properties);
        self.named(dependent_schemas);
        for (pattern, child) in patterns {
            pattern.source.hash(&mut self.hasher);
            self.child(*child);
        }
        [*additional, *names, *unevaluated].into_iter().for_each(|child| self.maybe(child));
    }

    fn logic(&mut self, rules: &Logic) {
        let Logic { all_of, any_of, one_of, not, condition, then, otherwise, discriminator } = rules;
        [all_of, any_of, one_of].into_iter().for_each(|children| self.list(children));
        [*not, *condition, *then, *otherwise].into_iter().for_each(|child| self.maybe(child));
        discriminator.is_some().hash(&mut self.hasher);
        if let Some(discriminator) = discriminator {
            discriminator.property.hash(&mut self.hasher);
            self.named(&discriminator.mapping);
        }
    }
}
