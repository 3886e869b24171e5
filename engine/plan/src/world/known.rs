//! Which entities there are: what variables of a path name, as identities are written, and whether it is there.

use std::sync::{Arc, OnceLock};

use super::World;
use super::site::{Asking, Site};
use crate::limits::MAX_PARENT;
use crate::resources::{Resources, Role};

/// What a path names.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Located {
    /// The entities within which it lies, outermost first
    pub(super) parents: Vec<Box<str>>,
    /// Of a list, none
    pub(super) identity: Option<Box<str>>,
}

/// The value of a variable; `None` where it is no text.
pub(super) type Variable = Option<Box<str>>;

/// What is known of a resource's place without a look at its entities.
#[derive(Debug)]
pub(super) struct Surroundings {
    /// The resources within which it lies, innermost first, each after the index of the variable that names one of it
    ancestors: Box<[(usize, usize)]>,
    /// Whether a list of the world has its entities
    is_listed: OnceLock<bool>,
    /// What another resource has in its stead; see [`World::view`]
    pub(super) view: OnceLock<Option<(usize, usize)>>,
}

impl Surroundings {
    /// One of each resource.
    pub(super) fn of(resources: &Resources) -> Box<[Surroundings]> {
        let of = |found| Surroundings {
            ancestors: resources
                .ancestors(found)
                .map(|(variable, ancestor, _)| (variable, ancestor))
                .collect(),
            is_listed: OnceLock::new(),
            view: OnceLock::new(),
        };
        resources.found.iter().map(of).collect()
    }
}

impl World {
    /// What the variables of a path name, numbers as JSON has them.
    ///
    /// # Errors
    /// [`Asking::Unknown`] where the world knows only its own and this is none of it; [`Asking::Nothing`] where it
    /// cannot be an identity.
    pub(super) fn located(
        self: &Arc<Self>,
        resource: usize,
        mut parents: Vec<Variable>,
        identity: Option<Variable>,
    ) -> Result<Located, Asking> {
        for (variable, ancestor) in &self.surroundings[resource].ancestors {
            if let Some(value) = parents.get_mut(*variable) {
                *value = self.identified(*ancestor, value.take())?;
            }
        }
        let subject = self.view(resource).map_or(resource, |(subject, _)| subject);
        let identity = identity.map(|identity| self.identified(subject, identity)).transpose()?;
        let short = parents.into_iter().map(|parent| parent.filter(|parent| parent.len() <= MAX_PARENT));
        let parents = short.collect::<Option<_>>();
        match (parents, identity) {
            (None, _) | (_, Some(None)) => Err(Asking::Nothing),
            (Some(parents), identity) => Ok(Located { parents, identity: identity.flatten() }),
        }
    }

    /// A text as the identity of one of a resource; of those whose identities are unknown any text.
    fn identified(self: &Arc<Self>, resource: usize, text: Variable) -> Result<Variable, Asking> {
        let Some(matter) = self.matter_of(resource) else { return Ok(text) };
        let identity = text.and_then(|text| matter.codec.canonical(text));
        let is_own = || {
            let index = identity.as_ref().and_then(|identity| matter.codec.index(identity));
            let is_written =
                || identity.as_ref().is_some_and(|identity| matter.authored.get(identity).is_some());
            index.is_some_and(|index| index < matter.size) || is_written()
        };
        match self.knows_only_its_own() && self.is_listed(resource) && !is_own() {
            true => Err(Asking::Unknown),
            false => Ok(identity),
        }
    }

    /// Whether some list that is made of entities has those of a resource: what no list tells may be there or not.
    fn is_listed(self: &Arc<Self>, resource: usize) -> bool {
        *self.surroundings[resource].is_listed.get_or_init(|| {
            let is_view = |index: &usize| self.view(*index).is_some_and(|(subject, _)| subject == resource);
            let views = (0..self.resources.found.len()).filter(is_view);
            std::iter::once(resource).chain(views).any(|index| {
                let actions = self.resources.found[index].actions.iter().enumerate();
                let mut lists = actions.filter(|(_, action)| action.role == Role::List);
                lists.any(|(number, _)| Site::new(self, index, number).is_some_and(|site| site.is_made()))
            })
        })
    }
}
