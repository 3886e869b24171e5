//! Strongly connected components of a graph, by Tarjan's algorithm, and fingerprints of all that a node leads to.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

/// Fingerprints of nodes and of all that they lead to, where `own` are those of each node alone. Nodes that lead to each
/// other have part in each other's.
pub(crate) fn closed<'g>(own: &[u64], children: impl Fn(u32) -> &'g [u32]) -> Vec<u64> {
    let mut whole = vec![0; own.len()];
    // Until a node is done, its own content stands for it.
    let mut is_done = vec![false; own.len()];
    components(own.len(), &children, |members| {
        let seen = |node: &u32| {
            let of_child = |child: &u32| match is_done[*child as usize] {
                true => whole[*child as usize],
                false => own[*child as usize],
            };
            joined(own[*node as usize], children(*node).iter().map(of_child))
        };
        let seen: Vec<u64> = members.iter().map(seen).collect();
        // The sum is the same in whatever order they come.
        let together = seen.iter().fold(0u64, |sum, seen| sum.wrapping_add(*seen));
        for (node, seen) in members.iter().zip(seen) {
            whole[*node as usize] = joined(seen, [together].into_iter());
            is_done[*node as usize] = true;
        }
    });
    whole
}

fn joined(first: u64, rest: impl Iterator<Item = u64>) -> u64 {
    let mut hasher = DefaultHasher::new();
    first.hash(&mut hasher);
    rest.for_each(|one| one.hash(&mut hasher));
    hasher.finish()
}

/// A node on the way that is followed.
struct Step {
    node: u32,
    /// Children that were followed
    done: usize,
}

/// Numbers of the nodes by which they were first seen, from 1; 0 for those that were not.
struct Seen {
    number: Vec<u32>,
    /// The lowest number that each leads back to
    low: Vec<u32>,
    is_open: Vec<bool>,
    next: u32,
}

impl Seen {
    fn enter(&mut self, node: u32) {
        self.next += 1;
        self.number[node as usize] = self.next;
        self.low[node as usize] = self.next;
        self.is_open[node as usize] = true;
    }

    fn leads_to(&mut self, node: u32, low: u32) {
        let own = &mut self.low[node as usize];
        *own = (*own).min(low);
    }
}

/// Gives every component to `found`: those that one leads to before it.
fn components<'g>(nodes: usize, children: impl Fn(u32) -> &'g [u32], mut found: impl FnMut(&[u32])) {
    let mut seen = Seen { number: vec![0; nodes], low: vec![0; nodes], is_open: vec![false; nodes], next: 0 };
    // Seen, and not yet of a component
    let mut open: Vec<u32> = Vec::new();
    let mut way: Vec<Step> = Vec::new();
    for root in 0..nodes as u32 {
        if seen.number[root as usize] != 0 {
            continue;
        }
        seen.enter(root);
        open.push(root);
        way.push(Step { node: root, done: 0 });
        while let Some(Step { node, done }) = way.last_mut() {
            let node = *node;
            if let Some(&child) = children(node).get(*done) {
                *done += 1;
                if seen.number[child as usize] == 0 {
                    seen.enter(child);
                    open.push(child);
                    way.push(Step { node: child, done: 0 });
                } else if seen.is_open[child as usize] {
                    seen.leads_to(node, seen.number[child as usize]);
                }
                continue;
            }
            way.pop();
            let low = seen.low[node as usize];
            if let Some(parent) = way.last() {
                seen.leads_to(parent.node, low);
            }
            if low == seen.number[node as usize] {
                let start = open.iter().rposition(|other| *other == node).unwrap_or_default();
                open[start..].iter().for_each(|member| seen.is_open[*member as usize] = false);
                found(&open[start..]);
                open.truncate(start);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{closed, components};

    #[test]
    fn what_leads_to_each_other_comes_together_and_behind_what_it_leads_to() {
        // 0 -> 1 <-> 2 -> 3, 4 -> 4, 5 -> 0
        let graph: [&[u32]; 6] = [&[1], &[2], &[1, 3], &[], &[4], &[0, 3]];
        let mut all = Vec::new();
        components(
            graph.len(),
            |node| graph[node as usize],
            |members| {
                let mut members = members.to_vec();
                members.sort_unstable();
                all.push(members);
            },
        );
        assert_eq!(all, [vec![3], vec![1, 2], vec![0], vec![4], vec![5]]);
    }

    #[test]
    fn a_long_way_takes_no_stack() {
        let next: Vec<u32> = (1..=1_000_000).collect();
        let mut count = 0;
        components(
            1_000_001,
            |node| next.get(node as usize).map_or(&[], std::slice::from_ref),
            |_| count += 1,
        );
        assert_eq!(count, 1_000_001);
    }

    #[test]
    fn what_changes_reaches_all_that_lead_to_it() {
        let graph: [&[u32]; 6] = [&[1], &[2], &[1, 3], &[], &[4], &[0, 3]];
        let fingerprints = |changed: Option<usize>| {
            let own: Vec<u64> =
                (0..6).map(|node| node + if changed == Some(node as usize) { 100 } else { 0 }).collect();
            closed(&own, |node| graph[node as usize])
        };
        let before = fingerprints(None);
        let reaches: [&[usize]; 6] = [&[0, 5], &[0, 1, 2, 5], &[0, 1, 2, 5], &[0, 1, 2, 3, 5], &[4], &[5]];
        for (node, expected) in reaches.into_iter().enumerate() {
            let after = fingerprints(Some(node));
            let changed: Vec<usize> = (0..6).filter(|node| before[*node] != after[*node]).collect();
            assert_eq!(changed, expected, "{node}");
        }
    }
}
