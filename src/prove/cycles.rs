//! Which schemas come back to themselves on one value: the strongly connected components (Kosaraju, Sharir) of what
//! schemas apply in place.

use std::collections::{HashMap, HashSet};

use mocker_source::NodeId;

/// Schemas that hang on themselves, each with the number of its component.
#[derive(Default)]
pub(super) struct Cycles {
    components: HashMap<NodeId, usize>,
}

impl Cycles {
    /// Those of a graph by its edges.
    pub(super) fn of(edges: &HashSet<(NodeId, NodeId)>) -> Cycles {
        let mut sorted: Vec<(NodeId, NodeId)> = edges.iter().copied().collect();
        sorted.sort_unstable();
        let (mut onward, mut back) = (Graph::new(), Graph::new());
        for (from, to) in &sorted {
            onward.entry(*from).or_default().push(*to);
            back.entry(*to).or_default().push(*from);
        }
        let (mut seen, mut finished) = (HashSet::new(), Vec::new());
        sorted.iter().for_each(|(from, _)| reach(&onward, *from, &mut seen, &mut finished));
        let (mut seen, mut cycles) = (HashSet::new(), Cycles::default());
        for (number, root) in finished.into_iter().rev().enumerate() {
            let mut component = Vec::new();
            reach(&back, root, &mut seen, &mut component);
            if component.len() > 1 || edges.contains(&(root, root)) {
                cycles.components.extend(component.into_iter().map(|schema| (schema, number)));
            }
        }
        cycles
    }

    /// Whether each comes back to itself by way of the other.
    pub(super) fn are_joined(&self, one: NodeId, other: NodeId) -> bool {
        self.components.get(&one).is_some_and(|component| self.components.get(&other) == Some(component))
    }
}

type Graph = HashMap<NodeId, Vec<NodeId>>;

/// All that `root` leads to and nothing in `seen` is, in the order in which it is finished.
fn reach(graph: &Graph, root: NodeId, seen: &mut HashSet<NodeId>, finished: &mut Vec<NodeId>) {
    if !seen.insert(root) {
        return;
    }
    let mut path = vec![(root, 0)];
    while let Some((at, taken)) = path.last_mut() {
        let next = graph.get(at).and_then(|next| next.get(*taken)).copied();
        *taken += 1;
        match next {
            Some(next) if seen.insert(next) => path.push((next, 0)),
            Some(_) => {}
            None => {
                finished.push(*at);
                path.pop();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use mocker_source::FileId;

    use super::*;

    #[test]
    fn components_are_found() {
        let id = |index| NodeId { file: FileId(0), index };
        for (edges, expected) in [
            (&[(1, 2), (2, 3), (1, 3)][..], &[][..]),
            (&[(1, 1)], &[&[1][..]][..]),
            (&[(1, 2), (2, 1), (2, 3), (3, 4), (4, 3), (4, 5)], &[&[1, 2], &[3, 4]]),
            (&[(5, 1), (1, 2), (2, 3), (3, 1), (2, 1)], &[&[1, 2, 3]]),
        ] {
            let cycles = Cycles::of(&edges.iter().map(|(from, to)| (id(*from), id(*to))).collect());
            for one in 1..=5 {
                for other in 1..=5 {
                    let joined = expected.iter().any(|all| all.contains(&one) && all.contains(&other));
                    assert_eq!(cycles.are_joined(id(one), id(other)), joined, "{edges:?}: {one} {other}");
                }
            }
        }
    }
}
