//! Finding the operation of a request.

use super::encoded::means;
use super::scan::{Segment, scan};
use super::trie::{Leaf, Node, Rest, Trie};
use super::{Captures, Matched, Outcome, Request};

/// One lookup. Every node of the trie lies at one depth and below one parent, so a lookup visits none twice:
/// its work is bounded by the document, however long the path is.
pub(super) struct Search<'t, 's, 'h> {
    trie: &'t Trie,
    request: &'s Request<'s>,
    header: &'s dyn Fn(&str) -> Option<&'h [u8]>,
    captures: &'s mut Captures,
    /// `Allow` of the most concrete path that matched without having the method
    allow: Option<&'t str>,
    #[cfg(test)]
    pub(super) visits: usize,
}

impl<'t, 's, 'h> Search<'t, 's, 'h> {
    pub(super) fn new(
        trie: &'t Trie,
        request: &'s Request<'s>,
        header: &'s dyn Fn(&str) -> Option<&'h [u8]>,
        captures: &'s mut Captures,
    ) -> Self {
        captures.truncate(0);
        Search {
            trie,
            request,
            header,
            captures,
            allow: None,
            #[cfg(test)]
            visits: 0,
        }
    }

    #[inline]
    pub(super) fn run(&mut self) -> Outcome<'t> {
        let path = self.request.path;
        // captures are kept as 32-bit offsets
        if path.first() != Some(&b'/') || u32::try_from(path.len()).is_err() {
            return Outcome::NotFound;
        }
        match (self.descend(0, 1), self.allow) {
            (Some(matched), _) => Outcome::Operation(matched),
            (None, Some(allow)) => Outcome::MethodNotAllowed { allow },
            (None, None) => Outcome::NotFound,
        }
    }

    /// Follows the path from `node` on, whose next segment begins at `start`: `path.len() + 1` where the path is
    /// at its end. Calls itself where there is a choice only, at most once a segment of a template.
    fn descend(&mut self, mut node: u32, mut start: usize) -> Option<Matched> {
        let path = self.request.path;
        loop {
            #[cfg(test)]
            {
                self.visits += 1;
            }
            let here = &self.trie.nodes[node as usize];
            if start > path.len() {
                return here.leaf.and_then(|leaf| self.accept(leaf.get()));
            }
            let segment = scan(path, start);
            if here.has_statics
                && let Some(child) = self.static_child(node, start, segment)
            {
                if !here.has_variables {
                    (node, start) = (child, segment.end + 1);
                    continue;
                }
                if let Some(matched) = self.attempt(child, segment.end + 1) {
                    return Some(matched);
                }
            }
            if !here.has_variables || start == segment.end && here.rests.0 == here.rests.1 {
                return None;
            }
            if here.mixed.0 < here.mixed.1
                && let Some(matched) = self.mixed(here, start, segment)
            {
                return Some(matched);
            }
            match here.variable {
                Some(child) if start < segment.end => {
                    let before = self.captures.len();
                    self.captures.push(start, segment.end);
                    if here.rests.0 == here.rests.1 {
                        (node, start) = (child.get(), segment.end + 1);
                        continue;
                    }
                    if let Some(matched) = self.descend(child.get(), segment.end + 1) {
                        return Some(matched);
                    }
                    self.captures.truncate(before);
                }
                _ => {}
            }
            return self.rests(here, start);
        }
    }

    /// [`Search::descend`], which may leave captures behind where it finds nothing.
    fn attempt(&mut self, node: u32, start: usize) -> Option<Matched> {
        let before = self.captures.len();
        let matched = self.descend(node, start);
        if matched.is_none() {
            self.captures.truncate(before);
        }
        matched
    }

    #[inline]
    fn static_child(&self, node: u32, start: usize, segment: Segment) -> Option<u32> {
        let text = &self.request.path[start..segment.end];
        let statics = &self.trie.statics;
        if segment.encoded {
            cold();
            return statics.get(node, segment.hash, |plain| means(text, plain));
        }
        statics.get(node, segment.hash, |plain| same(text, plain))
    }

    #[inline(never)]
    fn mixed(&mut self, here: &Node, start: usize, segment: Segment) -> Option<Matched> {
        let before = self.captures.len();
        for (pattern, child) in &self.trie.mixed[here.mixed.0 as usize..here.mixed.1 as usize] {
            if pattern.matches(self.request.path, start, segment.end, self.captures) {
                if let Some(matched) = self.descend(*child, segment.end + 1) {
                    return Some(matched);
                }
                self.captures.truncate(before);
            }
        }
        None
    }

    #[inline(never)]
    fn rests(&mut self, here: &Node, start: usize) -> Option<Matched> {
        let before = self.captures.len();
        for rest in &self.trie.rests[here.rests.0 as usize..here.rests.1 as usize] {
            if rest.matches(self.request.path, start, self.captures)
                && let Some(matched) = self.accept(rest.leaf)
            {
                return Some(matched);
            }
            self.captures.truncate(before);
        }
        None
    }

    /// The operation of the request at `leaf`; where it lacks the method, notes what it has.
    fn accept(&mut self, leaf: u32) -> Option<Matched> {
        let Leaf { plain, conditional } = &self.trie.leaves[leaf as usize];
        let request = self.request;
        for (conditions, methods) in conditional {
            if conditions.iter().all(|condition| condition.is_met(request.query, self.header)) {
                if let Some(matched) = methods.get(request.method) {
                    return Some(matched);
                }
                self.allow = self.allow.or(Some(methods.allow()));
            }
        }
        let matched = plain.get(request.method);
        if matched.is_none() && !plain.is_empty() {
            self.allow = self.allow.or(Some(plain.allow()));
        }
        matched
    }
}

impl Rest {
    /// The segments behind the first pattern are the last ones of the path, so there is one way to match only.
    fn matches(&self, path: &[u8], start: usize, captures: &mut Captures) -> bool {
        let mut end = path.len();
        for _ in &self.after {
            match path[start..end].iter().rposition(|&byte| byte == b'/') {
                Some(slash) => end = start + slash,
                None => return false,
            }
        }
        let first = captures.len();
        if !self.first.matches(path, start, end, captures) {
            return false;
        }
        // all its variables but the last are plain ones
        let plain = first..first + self.first.variables() - 1;
        if plain.into_iter().any(|index| captures.get(index, path).is_some_and(|value| value.contains(&b'/')))
        {
            return false;
        }
        let mut at = end;
        self.after.iter().all(|pattern| {
            let segment = scan(path, at + 1);
            let matched = pattern.matches(path, at + 1, segment.end, captures);
            at = segment.end;
            matched
        })
    }
}

/// Equality of short texts without the call that `==` makes.
#[inline]
fn same(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    match (left.first_chunk::<8>(), right.first_chunk::<8>(), left.last_chunk::<8>(), right.last_chunk::<8>())
    {
        (Some(left_first), Some(right_first), Some(left_last), Some(right_last)) if left.len() <= 16 => {
            left_first == right_first && left_last == right_last
        }
        (None, ..) => left.iter().zip(right).all(|(left, right)| left == right),
        _ => left == right,
    }
}

/// Tells the compiler which way is the rare one.
#[cold]
fn cold() {}
