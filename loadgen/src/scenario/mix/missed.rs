//! Requests of a recording that no operation is for.

use std::collections::HashMap;

use super::asked::Target;
use super::show;
use crate::limits::{MAX_HOSTS, MAX_UNMATCHED};

/// Requests that no operation is for, by method and path, and the hosts that were asked.
///
/// A page of a browser asks many hosts. Which of them is the API is known at the end only: one where any request was
/// for an operation.
#[derive(Debug, Default)]
pub(super) struct Missed {
    /// By name; that of a target without host is empty
    hosts: HashMap<Box<[u8]>, Host>,
    /// Names in all hosts
    names: usize,
    /// Of hosts beyond those that are told apart
    beyond: u64,
}

#[derive(Debug, Default)]
struct Host {
    is_ours: bool,
    missed: u64,
    names: HashMap<String, u64>,
}

/// How many requests, and what there is to tell of them: the most frequent first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) requests: u64,
    pub(super) names: Vec<(String, u64)>,
}

impl Missed {
    /// Notes a host that has been asked for an operation.
    pub(super) fn matched(&mut self, target: &Target<'_>) {
        if let Some(host) = self.host(target) {
            host.is_ours = true;
        }
    }

    /// Counts a request that no operation is for.
    pub(super) fn add(&mut self, method: &str, target: &Target<'_>) {
        let is_full = self.names >= MAX_UNMATCHED;
        let Some(host) = self.host(target) else {
            self.beyond += 1;
            return;
        };
        host.missed += 1;
        let name = format!("{method} {}", show::path(&without_ids(target.path)));
        match host.names.get_mut(&name) {
            Some(times) => *times += 1,
            None if is_full => {}
            None => {
                host.names.insert(name, 1);
                self.names += 1;
            }
        }
    }

    fn host(&mut self, target: &Target<'_>) -> Option<&mut Host> {
        if !self.hosts.contains_key(target.host) {
            if self.hosts.len() >= MAX_HOSTS {
                return None;
            }
            self.hosts.insert(target.host.into(), Host::default());
        }
        self.hosts.get_mut(target.host)
    }

    /// What was asked of the API, and what of hosts that have none of its operations, by their names.
    pub(super) fn told(self) -> (Told, Told) {
        let has_ours = self.hosts.values().any(|host| host.is_ours);
        let mut here: HashMap<String, u64> = HashMap::new();
        let (mut ours, mut others) = (Told::default(), Told { requests: self.beyond, names: Vec::new() });
        for (name, host) in self.hosts {
            if name.is_empty() || host.is_ours || !has_ours {
                ours.requests += host.missed;
                host.names.into_iter().for_each(|(name, times)| *here.entry(name).or_default() += times);
            } else {
                others.requests += host.missed;
                others.names.push((show::path(&name), host.missed));
            }
        }
        ours.names.extend(here);
        for told in [&mut ours, &mut others] {
            told.names.sort_unstable_by(|(a, less), (b, more)| more.cmp(less).then_with(|| a.cmp(b)));
        }
        (ours, others)
    }
}

/// A path in which numbers and UUIDs are one: `/orders/{id}`. Else one missing operation would be told as many.
fn without_ids(path: &[u8]) -> Vec<u8> {
    let segments = path.split(|&byte| byte == b'/');
    let segments: Vec<&[u8]> = segments.map(|text| if is_id(text) { b"{id}" } else { text }).collect();
    segments.join(&b'/')
}

fn is_id(segment: &[u8]) -> bool {
    let is_number = !segment.is_empty() && segment.iter().all(u8::is_ascii_digit);
    let parts = segment
        .split(|&byte| byte == b'-')
        .map(|part| if part.iter().all(u8::is_ascii_hexdigit) { part.len() } else { 0 });
    is_number || parts.eq([8, 4, 4, 4, 12])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::asked::Asked;
    use super::*;

    fn told(matched: &[&str], missed: &[&str]) -> (Told, Told) {
        let mut all = Missed::default();
        for target in matched {
            all.matched(&Asked::new(b"GET", target.as_bytes()).unwrap().target());
        }
        for target in missed {
            all.add("GET", &Asked::new(b"GET", target.as_bytes()).unwrap().target());
        }
        all.told()
    }

    #[test]
    fn what_is_missed_most_is_told_first() {
        let (ours, others) = told(&[], &["/b", "/c?x", "/a", "/c", "/pets/7", "/pets/12/x", "/pets/8"]);
        let names = ours.names.iter().map(|(name, times)| format!("{name} {times}")).collect::<Vec<_>>();
        assert_eq!(names, ["GET /c 2", "GET /pets/{id} 2", "GET /a 1", "GET /b 1", "GET /pets/{id}/x 1"]);
        assert_eq!((ours.requests, others), (7, Told::default()));
    }

    #[test]
    fn hosts_without_an_operation_are_others() {
        let missed = ["http://api/old", "http://cdn/x.js", "http://cdn/y.js", "/here", "http://ads/"];
        let (ours, others) = told(&["http://api/pets"], &missed);
        assert_eq!(ours.names, [("GET /here".to_owned(), 1), ("GET /old".to_owned(), 1)]);
        assert_eq!((others.requests, others.names), (3, vec![("cdn".to_owned(), 2), ("ads".to_owned(), 1)]));
        // Where nothing is known of any host, none is an other one.
        let (ours, others) = told(&[], &["http://cdn/x.js", "http://ads/"]);
        assert_eq!((ours.requests, others.requests), (2, 0));
    }

    #[test]
    fn what_is_held_is_bounded() {
        let mut all = Missed::default();
        for index in 0..2 * MAX_UNMATCHED {
            let target = format!("http://host{}/path-{index}", index % (2 * MAX_HOSTS));
            all.add("GET", &Asked::new(b"GET", target.as_bytes()).unwrap().target());
        }
        assert!(all.names <= MAX_UNMATCHED && all.hosts.len() == MAX_HOSTS);
        let (ours, others) = all.told();
        assert_eq!(ours.requests + others.requests, 2 * MAX_UNMATCHED as u64);
    }

    #[test]
    fn numbers_and_uuids_are_ids() {
        for (path, expected) in [
            ("/orders/17/items/0", "/orders/{id}/items/{id}"),
            ("/a/123e4567-e89b-12d3-a456-426614174000", "/a/{id}"),
            ("/a/123e4567-e89b-12d3-a456-42661417400g", "/a/123e4567-e89b-12d3-a456-42661417400g"),
            ("/v1//x7/", "/v1//x7/"),
        ] {
            assert_eq!(without_ids(path.as_bytes()), expected.as_bytes());
        }
    }
}
