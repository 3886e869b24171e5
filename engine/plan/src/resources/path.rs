//! Where in a path a collection and its items lie.

use mocker_openapi::template_variables;

use crate::route::variable_name;

/// A segment of a path template.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment<'p> {
    Text(&'p str),
    Variable(&'p str),
    /// Text and variables in one: says nothing of resources
    Mixed(&'p str),
}

/// A path taken apart: `/owners/{ownerId}/pets/{petId}` is an item of `pets` within `owners`.
#[derive(Clone, Debug)]
pub(crate) struct Place<'p> {
    segments: Vec<Segment<'p>>,
}

/// How a path lies to a collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Position<'p> {
    /// The collection's path with nameless variables: equal for paths that mean the same collection
    pub(crate) collection: String,
    /// Variables behind the collection
    pub(crate) variables: Vec<&'p str>,
    /// The segment behind it, where that is text: `search` of `/pets/search`
    pub(crate) below: Option<&'p str>,
}

/// What some write behind a path to say in which form they want it.
const REPRESENTATION: &str = "json";

impl<'p> Place<'p> {
    /// Takes a path apart. `.json` at its end, and a last segment `json`, name the form of the answer alone.
    pub(crate) fn parse(path: &'p str) -> Place<'p> {
        let mut segments: Vec<Segment<'p>> =
            path.split('/').filter(|segment| !segment.is_empty()).flat_map(segments).collect();
        if segments.len() > 1 && segments.last() == Some(&Segment::Text(REPRESENTATION)) {
            segments.pop();
        }
        Place { segments }
    }

    /// The positions that the path can have, the likeliest first: as an item, as a collection, as what stands below
    /// a collection.
    pub(crate) fn positions(&self) -> Vec<Position<'p>> {
        let variables = self.trailing_variables();
        let count = self.segments.len() - variables.len();
        let Some(Segment::Text(last)) = self.segments[..count].last() else { return Vec::new() };
        if !variables.is_empty() {
            return vec![Position { collection: self.key(count), variables, below: None }];
        }
        let mut positions = vec![Position { collection: self.key(count), variables, below: None }];
        if matches!(self.segments[..count - 1].last(), Some(Segment::Text(_))) {
            let collection = self.key(count - 1);
            positions.push(Position { collection, variables: Vec::new(), below: Some(last) });
        }
        positions
    }

    /// The item whose path is followed by one text more, and that text: `favorite` of `/articles/{slug}/favorite`.
    pub(crate) fn action(&self) -> Option<(Position<'p>, &'p str)> {
        let (last, before) = self.segments.split_last()?;
        let Segment::Text(word) = last else { return None };
        let item = Place { segments: before.to_vec() };
        let position = item.positions().into_iter().next()?;
        (!position.variables.is_empty()).then_some((position, *word))
    }

    fn trailing_variables(&self) -> Vec<&'p str> {
        let trailing = self.segments.iter().rev().map_while(|segment| match segment {
            Segment::Variable(name) => Some(*name),
            _ => None,
        });
        let mut variables: Vec<&str> = trailing.collect();
        variables.reverse();
        variables
    }

    fn key(&self, count: usize) -> String {
        let mut key = String::new();
        for segment in &self.segments[..count] {
            key.push('/');
            key.push_str(match segment {
                Segment::Text(text) | Segment::Mixed(text) => text,
                Segment::Variable(_) => "{}",
            });
        }
        key
    }

    /// Texts of the path, in order.
    pub(crate) fn texts(&self) -> Vec<&'p str> {
        let text = |segment: &Segment<'p>| match segment {
            Segment::Text(text) => Some(*text),
            _ => None,
        };
        self.segments.iter().filter_map(text).collect()
    }

    /// Variables of the path, in order.
    pub(crate) fn variables(&self) -> Vec<&'p str> {
        let variable = |segment: &Segment<'p>| match segment {
            Segment::Variable(name) => Some(*name),
            _ => None,
        };
        self.segments.iter().filter_map(variable).collect()
    }
}

/// `{id}:cancel` is an item and what is done to it.
fn segments(text: &str) -> impl Iterator<Item = Segment<'_>> {
    let parts = text.split_once("}:").filter(|(_, word)| !word.is_empty() && !word.contains('{'));
    let (one, word) = match parts {
        Some((one, word)) => (&text[..=one.len()], Some(Segment::Text(word))),
        None => (text, None),
    };
    std::iter::once(segment(one)).chain(word)
}

fn segment(text: &str) -> Segment<'_> {
    let name = text.strip_suffix(".json").filter(|name| !name.is_empty()).unwrap_or(text);
    let inside = name.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    match inside {
        Some(variable) if !variable.contains(['{', '}']) => Segment::Variable(variable_name(variable)),
        _ if template_variables(text).next().is_some() => Segment::Mixed(text),
        _ => Segment::Text(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(path: &str) -> Vec<String> {
        let tell = |position: Position<'_>| {
            let below = position.below.map(|below| format!(" +{below}")).unwrap_or_default();
            format!("{} [{}]{below}", position.collection, position.variables.join(","))
        };
        Place::parse(path).positions().into_iter().map(tell).collect()
    }

    #[test]
    fn positions_of_paths() {
        for (path, expected) in [
            ("/pets", vec!["/pets []"]),
            ("/pets/", vec!["/pets []"]),
            ("/pets/{petId}", vec!["/pets [petId]"]),
            ("/pets/search", vec!["/pets/search []", "/pets [] +search"]),
            ("/owners/{id}/pets", vec!["/owners/{}/pets []"]),
            ("/repos/{owner}/{repo}", vec!["/repos [owner,repo]"]),
            ("/containers/json", vec!["/containers []"]),
            ("/containers/{id}/json", vec!["/containers [id]"]),
            ("/Accounts/{Sid}.json", vec!["/Accounts [Sid]"]),
            ("/Accounts.json", vec!["/Accounts []"]),
            ("/json", vec!["/json []"]),
            ("/a/{x}-{y}", vec![]),
            ("/jobs/{id}:cancel", vec!["/jobs/{}/cancel []"]),
            ("/jobs/{a}-{b}:cancel", vec!["/jobs/{a}-{b}/cancel []"]),
            ("/{tenant}", vec![]),
            ("/files/{path+}", vec!["/files [path]"]),
            ("/", vec![]),
        ] {
            assert_eq!(told(path), expected, "{path}");
        }
    }
}
