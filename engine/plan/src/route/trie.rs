//! The path templates as one trie, and how it is built.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::Range;

use super::Index;
use super::condition::Condition;
use super::method::MethodTable;
use super::perfect_hash::{Edge, PerfectHash};
use super::segment::Pattern;
use super::template::Template;

/// Nodes by index, the root first; their children lie in arrays of their own.
#[derive(Debug)]
pub(super) struct Trie {
    pub(super) nodes: Vec<Node>,
    pub(super) statics: PerfectHash,
    /// Of the nodes that lead on by more than text and one variable
    pub(super) patterns: Vec<Patterns>,
    /// Children by segments of text and variables, those of a node together, the most specific first
    pub(super) mixed: Vec<(Pattern, u32)>,
    /// Ends of templates from a variable that takes slashes on, those of a node together, the most specific first
    pub(super) rests: Vec<Rest>,
    pub(super) leaves: Vec<Leaf>,
}

/// A place in the trie: what a path can go on with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    /// Child by any segment that is not empty
    pub(super) variable: Option<Index>,
    pub(super) leaf: Option<Index>,
    pub(super) patterns: Option<Index>,
    pub(super) has_statics: bool,
    /// Whether anything but static children is here
    pub(super) has_variables: bool,
}

/// What else a node can go on with: ranges of [`Trie::mixed`] and [`Trie::rests`].
#[derive(Debug)]
pub(super) struct Patterns {
    pub(super) mixed: Range<usize>,
    pub(super) rests: Range<usize>,
}

/// The end of a template from a variable that takes slashes on.
#[derive(Debug)]
pub(super) struct Rest {
    /// Its last variable takes slashes
    pub(super) first: Pattern,
    /// One segment each
    pub(super) after: Box<[Pattern]>,
    pub(super) leaf: u32,
}

/// What is reached at the end of a path.
#[derive(Debug, Default)]
pub(super) struct Leaf {
    pub(super) plain: MethodTable,
    /// Those with conditions, the most demanding first
    pub(super) conditional: Vec<(Vec<Condition>, MethodTable)>,
}

/// A trie in the making.
pub(super) struct Builder {
    nodes: Vec<Draft>,
    leaves: Vec<Leaf>,
    statics: HashMap<(u32, Box<[u8]>), u32>,
    mixed: HashMap<(u32, Pattern), u32>,
    rests: HashMap<(u32, Vec<Pattern>), u32>,
}

/// A node in the making; children in the order they came.
#[derive(Default)]
struct Draft {
    variable: Option<Index>,
    leaf: Option<Index>,
    mixed: Vec<(Pattern, u32)>,
    rests: Vec<(Vec<Pattern>, u32)>,
    has_statics: bool,
}

impl Builder {
    pub(super) fn new() -> Builder {
        Builder {
            nodes: vec![Draft::default()],
            leaves: Vec::new(),
            statics: HashMap::new(),
            mixed: HashMap::new(),
            rests: HashMap::new(),
        }
    }

    /// The methods of `template`, which templates of the same form share.
    pub(super) fn methods(&mut self, template: &Template) -> &mut MethodTable {
        let leaf = self.leaf(template) as usize;
        let leaf = &mut self.leaves[leaf];
        if template.conditions.is_empty() {
            return &mut leaf.plain;
        }
        let same = leaf.conditional.iter().position(|(conditions, _)| *conditions == template.conditions);
        let index = same.unwrap_or_else(|| {
            leaf.conditional.push((template.conditions.clone(), MethodTable::default()));
            leaf.conditional.len() - 1
        });
        &mut leaf.conditional[index].1
    }

    fn leaf(&mut self, template: &Template) -> u32 {
        let (single, rest) = template.segments.split_at(template.greedy.unwrap_or(template.segments.len()));
        let node = single.iter().fold(0, |node, segment| self.child(node, segment));
        if !rest.is_empty() {
            return self.rest(node, rest);
        }
        if let Some(leaf) = self.nodes[node as usize].leaf {
            return leaf.get();
        }
        let leaf = self.new_leaf();
        self.nodes[node as usize].leaf = Some(Index::new(leaf as usize));
        leaf
    }

    fn child(&mut self, parent: u32, segment: &Pattern) -> u32 {
        if let Some(literal) = segment.as_literal() {
            return self.static_child(parent, literal);
        }
        if segment.is_variable() {
            return self.variable_child(parent);
        }
        if let Some(&child) = self.mixed.get(&(parent, segment.clone())) {
            return child;
        }
        let child = self.new_node();
        self.mixed.insert((parent, segment.clone()), child);
        self.nodes[parent as usize].mixed.push((segment.clone(), child));
        child
    }

    fn static_child(&mut self, parent: u32, literal: &[u8]) -> u32 {
        if let Some(&child) = self.statics.get(&(parent, literal.into())) {
            return child;
        }
        let child = self.new_node();
        self.statics.insert((parent, literal.into()), child);
        self.nodes[parent as usize].has_statics = true;
        child
    }

    fn variable_child(&mut self, parent: u32) -> u32 {
        if let Some(child) = self.nodes[parent as usize].variable {
            return child.get();
        }
        let child = self.new_node();
        self.nodes[parent as usize].variable = Some(Index::new(child as usize));
        child
    }

    fn rest(&mut self, parent: u32, patterns: &[Pattern]) -> u32 {
        if let Some(&leaf) = self.rests.get(&(parent, patterns.to_vec())) {
            return leaf;
        }
        let leaf = self.new_leaf();
        self.rests.insert((parent, patterns.to_vec()), leaf);
        self.nodes[parent as usize].rests.push((patterns.to_vec(), leaf));
        leaf
    }

    fn new_node(&mut self) -> u32 {
        self.nodes.push(Draft::default());
        self.nodes.len() as u32 - 1
    }

    fn new_leaf(&mut self) -> u32 {
        self.leaves.push(Leaf::default());
        self.leaves.len() as u32 - 1
    }

    /// Flattens what was built.
    pub(super) fn finish(mut self) -> Trie {
        self.leaves.iter_mut().for_each(Leaf::finish);
        let mut edges: Vec<Edge> = self
            .statics
            .into_iter()
            .map(|((parent, segment), child)| Edge { parent, segment, child })
            .collect();
        // the same table from the same document, whatever the map's order
        edges.sort_unstable_by_key(|edge| edge.child);
        let mut trie = Trie {
            nodes: Vec::new(),
            statics: PerfectHash::build(&edges),
            patterns: Vec::new(),
            mixed: Vec::new(),
            rests: Vec::new(),
            leaves: self.leaves,
        };
        trie.nodes = self.nodes.into_iter().map(|draft| draft.freeze(&mut trie)).collect();
        trie
    }
}

impl Draft {
    fn freeze(mut self, trie: &mut Trie) -> Node {
        self.mixed.sort_by_key(|(pattern, _)| (Reverse(pattern.literal_bytes()), pattern.variables()));
        self.rests.sort_by_key(|(patterns, _)| {
            let literal: usize = patterns.iter().map(Pattern::literal_bytes).sum();
            Reverse((literal, patterns.len()))
        });
        let (first_mixed, first_rest) = (trie.mixed.len(), trie.rests.len());
        trie.mixed.append(&mut self.mixed);
        trie.rests.extend(self.rests.into_iter().filter_map(|(mut patterns, leaf)| {
            let after = patterns.split_off(1);
            patterns.pop().map(|first| Rest { first, after: after.into(), leaf })
        }));
        let (mixed, rests) = (first_mixed..trie.mixed.len(), first_rest..trie.rests.len());
        let patterns = (!mixed.is_empty() || !rests.is_empty()).then(|| {
            trie.patterns.push(Patterns { mixed, rests });
            Index::new(trie.patterns.len() - 1)
        });
        Node {
            variable: self.variable,
            leaf: self.leaf,
            patterns,
            has_statics: self.has_statics,
            has_variables: self.variable.is_some() || patterns.is_some(),
        }
    }
}

impl Leaf {
    /// A request may not know how to say a fragment, which is never sent: such operations are also the plain
    /// ones where no plain one is declared, the first wins.
    fn finish(&mut self) {
        self.conditional.sort_by_key(|(conditions, _)| Reverse(conditions.len()));
        if self.plain.is_empty() {
            let hidden = |conditions: &[Condition]| conditions.iter().all(Condition::is_fragment);
            let fallbacks = self.conditional.iter().filter(|(conditions, _)| hidden(conditions));
            fallbacks.for_each(|(_, methods)| self.plain.merge(methods));
        }
        self.plain.finish();
        self.conditional.iter_mut().for_each(|(_, methods)| methods.finish());
    }
}
