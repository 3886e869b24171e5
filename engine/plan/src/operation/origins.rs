//! From where the body of an answer comes, for who asks about a request.

use mocker_schema::generate::{self, Field, Told};
use mocker_schema::validate::Direction;

use super::{Operation, method_name};
use crate::options::Sampling;
use crate::reply::{From, Reply, Wish};
use crate::world::Asked;

impl Operation {
    /// From where the places of the body come, where it is generated; `None` where the author wrote it, where it is a plain
    /// sample, and where there is none.
    pub fn origins(&self, reply: &Reply, asked: Option<&Asked>) -> Option<Vec<Field>> {
        let site = self.site_in(reply.locale);
        if let (From::World, Some(site), Some(asked)) = (reply.from, site, asked) {
            return Some(site.told(asked)?.fields());
        }
        let is_sample = self.options.sampling == Sampling::Static && reply.from != From::Schema;
        if is_sample || self.generates(reply) != Some(true) {
            return None;
        }
        let media = &self.response(reply.response()?).content[reply.media()?];
        let schema = media.schema.or(media.item_schema)?;
        let failure = self.failure(reply.response()?);
        let spoken = reply.locale.map_or(self, |locale| self.spoken(locale));
        let options = generate::Options { failure, ..spoken.options.generation(Direction::Response) };
        Some(Told::compile(self.schemas(), schema, &options).fields())
    }

    /// What a generated body is a function of, part by part; `variables` are those of the path, as sent.
    pub fn made_from(
        &self,
        wish: &Wish<'_>,
        variables: &[(String, String)],
        asked: Option<&Asked>,
    ) -> Vec<String> {
        let seed = match &wish.seed {
            Some(seed) => format!("seed {seed}, which was asked for"),
            None => format!("seed {}", self.options.seed),
        };
        if let (Some(site), Some(asked)) = (self.site_in(wish.locale), asked) {
            return [seed].into_iter().chain(site.made_from(asked)).collect();
        }
        let model = self.model();
        let condition = model.path_condition.as_deref().unwrap_or_default();
        let template = format!("{} {}{condition}", method_name(&model.method), model.path);
        let variables = variables.iter().map(|(name, value)| format!("{name} = {value}"));
        let fresh = self.is_fresh(wish).then(|| "a number for each request".to_owned());
        [seed, template].into_iter().chain(variables).chain(fresh).collect()
    }
}
