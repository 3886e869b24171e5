//! Which property of an entity is what the path asks for.

use mocker_openapi::model::{Operation, Place};
use mocker_schema::{SchemaId, Schemas, Types};

use super::Identity;
use super::naming::{singular, squashed};
use super::properties;

/// Properties that identify by themselves, the likeliest first.
const USUAL: [&str; 5] = ["id", "uuid", "guid", "sid", "identifier"];

/// Those that do where a text names the entity.
const NAMES: [&str; 9] = ["login", "slug", "name", "key", "code", "username", "number", "handle", "sha"];

/// Variables that name a user as one logs in, and the properties that they mean.
const USERS: [&str; 4] = ["username", "user", "login", "handle"];
const LOGINS: [&str; 3] = ["login", "username", "handle"];

/// Objects in which some have what identifies an entity.
const INSIDE: [&str; 2] = ["metadata", "attributes"];

/// What an identity is looked for with.
pub(super) struct Asked<'a> {
    pub(super) schemas: &'a Schemas,
    /// Schema of the entity as it is read
    pub(super) entity: SchemaId,
    /// As it is listed, where that is another
    pub(super) listed: Option<SchemaId>,
    /// The last text of the collection's path
    pub(super) collection: &'a str,
    /// The path's last variable and what it may be
    pub(super) variable: Option<(&'a str, Types)>,
}

impl Asked<'_> {
    /// The property that identifies, and why; `None` where no property is what the path asks for.
    pub(super) fn answer(&self) -> Option<Identity> {
        let names = self.names();
        let Some((variable, types)) = self.variable else {
            return self
                .find(&USUAL, Types::ANY, None, |name| format!("`{name}` is what usually identifies"));
        };
        let asked = squashed(variable);
        let one = singular(self.collection);
        let bare = asked.strip_prefix(&*one).filter(|rest| !rest.is_empty());
        let equal = |wanted: &str| names.iter().copied().find(|name| squashed(name) == wanted);
        if let Some(name) = equal(&asked) {
            return self.found(name, variable, format!("`{{{variable}}}` has its name"));
        }
        if USERS.contains(&&*asked) {
            let reason = |name: &str| format!("`{{{variable}}}` is the {name} of a user");
            if let Some(login) = self.find(&LOGINS, types, Some(variable), reason) {
                return Some(login);
            }
        }
        if let Some(name) = bare.and_then(equal).filter(|name| self.fits(name, types)) {
            return self.found(
                name,
                variable,
                format!("`{{{variable}}}` is the {name} of one of the {}", self.collection),
            );
        }
        if let Some(name) = self.by_ending(&asked, &names).filter(|name| self.fits(name, types)) {
            return self.found(name, variable, format!("`{{{variable}}}` ends with it"));
        }
        let reason = |_: &str| format!("it is what `{{{variable}}}` can be");
        let usual = self.find(&USUAL, types, Some(variable), reason);
        let named = || self.find(&NAMES, types.and(Types::STRING.or(Types::INTEGER)), Some(variable), reason);
        // a text of the path may be a number
        let by_number = || {
            let name = bare.and_then(equal).filter(|name| self.fits(name, Types::INTEGER))?;
            let reason = format!("`{{{variable}}}` is the {name} of one of the {}", self.collection);
            self.found(name, variable, reason).filter(|_| types.intersects(Types::STRING))
        };
        usual
            .or_else(named)
            .or_else(|| self.inside(variable, &asked))
            .or_else(|| self.of_another(variable, &asked))
            .or_else(by_number)
    }

    fn names(&self) -> Vec<&str> {
        properties::properties(self.schemas, self.entity).into_iter().map(|(name, _)| name).collect()
    }

    /// `id` of `{subscription_exposed_id}`, `number` of `{issue_number}`.
    fn by_ending<'n>(&self, asked: &str, names: &[&'n str]) -> Option<&'n str> {
        let known = |name: &&&str| {
            let name = squashed(name);
            USUAL.contains(&&*name) || NAMES.contains(&&*name)
        };
        let ends = |name: &&&str| asked.ends_with(&squashed(name));
        names.iter().filter(known).filter(ends).max_by_key(|name| name.len()).copied()
    }

    fn find(
        &self,
        wanted: &[&str],
        types: Types,
        variable: Option<&str>,
        reason: impl Fn(&str) -> String,
    ) -> Option<Identity> {
        let names = self.names();
        let pick = |wanted: &&str| {
            let mut equal = names.iter().copied().filter(|name| squashed(name) == squashed(wanted));
            equal.find(|name| self.fits(name, types) && self.is_listed(name))
        };
        let name = wanted.iter().find_map(pick)?;
        let schema = properties::property(self.schemas, self.entity, name)?;
        let reason = reason(name);
        Some(Identity { property: vec![name.into()], variable: variable.map(Into::into), schema, reason })
    }

    fn found(&self, name: &str, variable: &str, reason: String) -> Option<Identity> {
        let schema = properties::property(self.schemas, self.entity, name)?;
        Some(Identity { property: vec![name.into()], variable: Some(variable.into()), schema, reason })
    }

    /// `metadata.name` of Kubernetes.
    fn inside(&self, variable: &str, asked: &str) -> Option<Identity> {
        INSIDE.into_iter().find_map(|outer| {
            let object = properties::property(self.schemas, self.entity, outer)?;
            let inner = properties::properties(self.schemas, object);
            let (name, schema) = inner.into_iter().find(|(name, _)| squashed(name) == asked)?;
            let reason = format!("`{{{variable}}}` has its name");
            let property = vec![outer.into(), name.into()];
            Some(Identity { property, variable: Some(variable.into()), schema, reason })
        })
    }

    /// `user.id` of `{user_id}`: what it is one of names another thing that it has.
    fn of_another(&self, variable: &str, asked: &str) -> Option<Identity> {
        let named = properties::properties(self.schemas, self.entity).into_iter();
        let mut objects = named.filter_map(|(outer, object)| {
            let rest = asked.strip_prefix(&*squashed(outer)).filter(|rest| USUAL.contains(rest))?;
            let inner = properties::properties(self.schemas, object);
            let (name, schema) = inner.into_iter().find(|(name, _)| squashed(name) == rest)?;
            let reason = format!("`{{{variable}}}` is the {name} of its `{outer}`");
            let property = vec![outer.into(), name.into()];
            Some(Identity { property, variable: Some(variable.into()), schema, reason })
        });
        objects.next()
    }

    /// Whether what the path can hold is something that the property can be.
    fn fits(&self, name: &str, types: Types) -> bool {
        let Some(schema) = properties::property(self.schemas, self.entity, name) else { return false };
        let own = properties::types(self.schemas, schema);
        own.intersects(Types::STRING.or(Types::INTEGER)) && (types == Types::ANY || own.intersects(types))
    }

    fn is_listed(&self, name: &str) -> bool {
        self.listed.is_none_or(|listed| properties::property(self.schemas, listed, name).is_some())
    }
}

/// What a variable of a path may be.
pub(super) fn variable_types(schemas: &Schemas, operation: &Operation, variable: &str) -> Types {
    let parameter = operation.parameters.iter().find(|parameter| {
        parameter.place == Place::Path && crate::route::variable_name(&parameter.name) == variable
    });
    let schema = parameter.and_then(|parameter| parameter.schema);
    schema.map_or(Types::ANY, |schema| properties::types(schemas, schema))
}
