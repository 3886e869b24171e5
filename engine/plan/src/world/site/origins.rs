//! From where the places of a world's answer come.

use std::sync::Arc;

use mocker_schema::generate::{Origin, Told};

use super::{Asked, Site, What};

impl Asked {
    /// Of which entity the answer speaks, if of one that is known.
    fn identity(&self) -> Option<&str> {
        match &self.what {
            What::One(identity) | What::Sent { identity: Some(identity), .. } => Some(identity),
            _ => None,
        }
    }
}

impl Site {
    /// From where the parts of the body come.
    pub(crate) fn told(&self, asked: &Asked) -> Option<Told> {
        let scenery = self.scenery()?;
        let resource = self.world.index_of(&scenery.kind.matter)?;
        let is_listed = matches!(asked.what, What::Page(_));
        let entity = Arc::new(scenery.kind.told(&self.world, resource, &scenery.columns, asked.identity()));
        let entities: Arc<Told> = match is_listed {
            true => Told { element: Some(entity), ..Told::of(Origin::Array) }.into(),
            false => entity,
        };
        let Some(envelope) = &scenery.envelope else { return Some(Told::clone(&entities)) };
        Some(envelope.told(&self.world, scenery.schema, &entities))
    }

    /// What the entities are functions of, beside the seed.
    pub(crate) fn made_from(&self, asked: &Asked) -> Vec<String> {
        let scenery = self.scenery();
        let shown =
            scenery.and_then(|scenery| self.world.index_of(&scenery.kind.matter)).unwrap_or(self.resource);
        let resource = format!("resource {}", self.world.resources.found[shown].name);
        let is_view = scenery.is_some_and(|scenery| scenery.view.is_some());
        let parents = self.parents.iter().zip(&asked.parents).map(|(name, value)| match is_view {
            true => format!("those of {name} = {value}"),
            false => format!("{name} = {value}"),
        });
        let identity = match &asked.what {
            What::One(identity) | What::Sent { identity: Some(identity), .. } => {
                format!("identity {identity}")
            }
            What::Sent { identity: None, .. } => "an identity chosen by the request's body".to_owned(),
            What::Made(_) => "the request's body".to_owned(),
            What::Page(page) => {
                let sifted = if page.chosen.is_some() { ", of those that the request selects" } else { "" };
                format!("the identity of each: {} from {} on{sifted}", page.limit, page.offset)
            }
        };
        [resource].into_iter().chain(parents).chain([identity]).collect()
    }
}
