//! Finding the operation of a request.

use super::condition::Condition;
use super::method::MethodTable;
use super::perfect_hash::{Key, SHORT};
use super::scan::Scanner;
use super::trie::{Leaf, Node, Patterns, Rest, Trie};
use super::{Captures, Matched, Outcome, Request};
use mocker_http::percent::decoded;

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
    #[inline]
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
        match (self.descend(&mut Scanner::new(path), 0, 1), self.allow) {
            (Some(matched), _) => Outcome::Operation(matched),
            (None, Some(allow)) => Outcome::MethodNotAllowed { allow },
            (None, None) => Outcome::NotFound,
        }
    }

    /// Follows the path from `node` on, whose next segment begins at `start`: `path.len() + 1` where the path is
    /// at its end. Calls itself where there is a choice only, at most once a segment of a template.
    fn descend(&mut self, scanner: &mut Scanner<'_>, mut node: u32, mut start: usize) -> Option<Matched> {
        let length = self.request.path.len();
        loop {
            #[cfg(test)]
            {
                self.visits += 1;
            }
            let here = &self.trie.nodes[node as usize];
            if start > length {
                return here.leaf.and_then(|leaf| self.accept(leaf.get()));
            }
            let end = scanner.end(start);
            if here.has_statics
                && let Some(child) = self.static_child(scanner, node, start, end)
            {
                if !here.has_variables {
                    (node, start) = (child, end + 1);
                    continue;
                }
                if let Some(matched) = self.attempt(scanner, child, end + 1) {
                    return Some(matched);
                }
            }
            if let Some(patterns) = here.patterns {
                return self.patterns(
                    scanner,
                    &self.trie.patterns[patterns.get() as usize],
                    here,
                    start,
                    end,
                );
            }
            match here.variable {
                Some(child) if start < end => {
                    self.captures.push(start, end);
                    (node, start) = (child.get(), end + 1);
                }
                _ => return None,
            }
        }
    }

    /// [`Search::descend`], which may leave captures behind where it finds nothing.
    fn attempt(&mut self, scanner: &mut Scanner<'_>, node: u32, start: usize) -> Option<Matched> {
        let before = self.captures.len();
        let matched = self.descend(scanner, node, start);
        if matched.is_none() {
            self.captures.truncate(before);
        }
        matched
    }

    #[inline]
    fn static_child(&self, scanner: &Scanner<'_>, node: u32, start: usize, end: usize) -> Option<u32> {
        let statics = &self.trie.statics;
        let length = end - start;
        if length <= SHORT {
            let key = scanner.short_key(start, length);
            let child = statics.probe(node, &key);
            if child.is_some() || !key.has_percent() && !statics.overflows() {
                return child;
            }
        }
        self.rare_child(node, &self.request.path[start..end])
    }

    /// The static child by a segment that is long, percent-encoded, or not where it should be.
    #[inline(never)]
    fn rare_child(&self, node: u32, segment: &[u8]) -> Option<u32> {
        let statics = &self.trie.statics;
        if segment.contains(&b'%') {
            let is = |text: &[u8]| decoded(segment).eq(text.iter().copied());
            return statics.get(node, &Key::decoded(decoded(segment)), is);
        }
        statics.get(node, &Key::spelled(segment), |text| segment == text)
    }

    /// Goes on from `here` by a segment of text and variables, by a variable, by one that takes slashes.
    #[inline(never)]
    fn patterns(
        &mut self,
        scanner: &mut Scanner<'_>,
        patterns: &Patterns,
        here: &Node,
        start: usize,
        end: usize,
    ) -> Option<Matched> {
        let before = self.captures.len();
        for (pattern, child) in &self.trie.mixed[patterns.mixed.clone()] {
            if pattern.matches(self.request.path, start, end, self.captures)
                && let Some(matched) = self.descend(scanner, *child, end + 1)
            {
                return Some(matched);
            }
            self.captures.truncate(before);
        }
        if let Some(child) = here.variable
            && start < end
        {
            self.captures.push(start, end);
            if let Some(matched) = self.descend(scanner, child.get(), end + 1) {
                return Some(matched);
            }
            self.captures.truncate(before);
        }
        for rest in &self.trie.rests[patterns.rests.clone()] {
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
    #[inline(never)]
    fn accept(&mut self, leaf: u32) -> Option<Matched> {
        let Leaf { plain, conditional } = &self.trie.leaves[leaf as usize];
        if !conditional.is_empty()
            && let Some(matched) = self.conditional(conditional)
        {
            return Some(matched);
        }
        let matched = plain.get(self.request.method);
        if matched.is_none() && !plain.is_empty() {
            self.allow = self.allow.or(Some(plain.allow()));
        }
        matched
    }

    #[inline(never)]
    fn conditional(&mut self, conditional: &'t [(Vec<Condition>, MethodTable)]) -> Option<Matched> {
        let request = self.request;
        for (conditions, methods) in conditional {
            if conditions.iter().all(|condition| condition.is_met(request.query, self.header)) {
                if let Some(matched) = methods.get(request.method) {
                    return Some(matched);
                }
                self.allow = self.allow.or(Some(methods.allow()));
            }
        }
        None
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
            let segment = path[at + 1..].split(|&byte| byte == b'/').next().unwrap_or_default();
            let end = at + 1 + segment.len();
            let matched = pattern.matches(path, at + 1, end, captures);
            at = end;
            matched
        })
    }
}
