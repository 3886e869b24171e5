//! Fills a tree from a stream of keys, scalars and brackets.

use std::collections::HashSet;

use crate::limits::{INDEX_ABOVE, MAX_ALIAS_NODES, MAX_DEPTH, MAX_DIAGNOSTICS, MAX_NODES};
use crate::lines::Measure;
use crate::tree::{KeyId, Slot, Span, Spot, Tag};
use crate::{Diagnostic, FileId, Node, Severity, Tree};

/// A fault that ends the parsing of a file.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) help: &'static str,
    /// Byte offset.
    pub(crate) at: u32,
}

/// Where a value is put, and from where it comes (byte offsets).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) key: KeyId,
    pub(crate) key_at: u32,
    pub(crate) at: u32,
}

/// A finished value, and how many levels of containers it has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Built {
    pub(crate) index: u32,
    pub(crate) height: usize,
}

struct Open {
    index: u32,
    /// Levels of containers inside.
    height: usize,
    merges: Vec<u32>,
}

struct Remark {
    code: &'static str,
    severity: Severity,
    message: String,
    help: &'static str,
    at: u32,
    node: Option<u32>,
}

/// Builds one tree.
pub(crate) struct Builder<'a> {
    tree: Tree,
    measure: Measure<'a>,
    open: Vec<Open>,
    /// Members of the object that is being closed; kept for its capacity.
    members: Vec<u32>,
    copied: usize,
    remarks: Vec<Remark>,
    suppressed: usize,
}

impl<'a> Builder<'a> {
    pub(crate) fn new(file: FileId, text: &'a str) -> Self {
        let measure = Measure::new(text);
        let tree = Tree::rootless(file, &measure);
        Builder {
            tree,
            measure,
            open: Vec::new(),
            members: Vec::new(),
            copied: 0,
            remarks: Vec::new(),
            suppressed: 0,
        }
    }

    pub(crate) fn intern(&mut self, key: &str) -> KeyId {
        self.tree.intern(key)
    }

    /// Where the value read last begins.
    pub(crate) fn last_offset(&self) -> u32 {
        self.tree.spots.last().map_or(0, |spot| spot.value)
    }

    /// The text of a finished scalar.
    pub(crate) fn scalar_text(&self, index: u32) -> Option<&str> {
        Node { tree: &self.tree, index }.scalar_text()
    }

    /// Whether the innermost open container is an object; `None` at the top.
    pub(crate) fn in_object(&self) -> Option<bool> {
        self.open.last().map(|open| self.tree.slots[open.index as usize].tag() == Tag::Object)
    }

    pub(crate) fn scalar(&mut self, tag: Tag, text: &str, place: Place) -> Result<Built, Fault> {
        let span = self.tree.append(text);
        let index = self.push(tag, span, place)?;
        Ok(Built { index, height: 0 })
    }

    /// Opens an array or object.
    pub(crate) fn open(&mut self, tag: Tag, place: Place) -> Result<u32, Fault> {
        if self.open.len() >= MAX_DEPTH {
            return Err(too_deep(place.at));
        }
        let index = self.push(tag, Span { start: 0, len: 0 }, place)?;
        self.open.push(Open { index, height: 0, merges: Vec::new() });
        Ok(index)
    }

    /// Closes what was opened last.
    pub(crate) fn close(&mut self) -> Result<Built, Fault> {
        let open = self.open.pop().expect("brackets are balanced");
        if !open.merges.is_empty() {
            self.merge(open.index, &open.merges)?;
        }
        let end = self.tree.slots.len() as u32;
        let children = self.tree.children_until(open.index, end);
        let len = if self.tree.slots[open.index as usize].tag() == Tag::Object {
            let mut members = std::mem::take(&mut self.members);
            members.clear();
            members.extend(children.filter(|&child| !self.is_hidden(child)));
            let len = self.hide_duplicates(&members);
            self.members = members;
            len
        } else {
            children.count()
        };
        self.tree.slots[open.index as usize].set_extent(end, len as u32);
        let height = open.height + 1;
        self.raise(height);
        Ok(Built { index: open.index, height })
    }

    /// Puts a copy of a finished value, as an alias asks.
    pub(crate) fn copy(&mut self, source: Built, place: Place) -> Result<Built, Fault> {
        let index = self.copy_subtree(source, place)?;
        self.raise(source.height);
        Ok(Built { index, height: source.height })
    }

    /// Has the members of a finished object (or of the objects of a finished array) added to the open object
    /// when it closes. `false` where the value is neither.
    pub(crate) fn merge_later(&mut self, source: Built) -> bool {
        let tag = |index: u32| self.tree.slots[index as usize].tag();
        let fits = match tag(source.index) {
            Tag::Object => true,
            Tag::Array => self.tree.children(source.index).all(|item| tag(item) == Tag::Object),
            _ => false,
        };
        if fits {
            self.raise(source.height);
            if let Some(open) = self.open.last_mut() {
                open.merges.push(source.index);
            }
        }
        fits
    }

    /// Takes a finished value out of its object's members.
    pub(crate) fn hide(&mut self, index: u32) {
        self.tree.slots[index as usize].set_hidden(true);
    }

    pub(crate) fn remark(&mut self, severity: Severity, fault: Fault, node: Option<u32>) {
        if self.remarks.len() >= MAX_DIAGNOSTICS {
            self.suppressed += 1;
            return;
        }
        let Fault { code, message, help, at } = fault;
        self.remarks.push(Remark { code, severity, message, help, at, node });
    }

    /// The tree, with positions in lines and columns.
    pub(crate) fn finish(mut self) -> (Tree, Vec<Diagnostic>) {
        if self.tree.slots.is_empty() {
            self.put_null();
        }
        for spot in &mut self.tree.spots {
            spot.value = self.measure.characters_before(spot.value);
            spot.key = self.measure.characters_before(spot.key);
        }
        self.tree.shrink();
        let mut diagnostics: Vec<_> = self.remarks.iter().map(|remark| self.diagnostic(remark)).collect();
        if self.suppressed > 0 {
            let message = format!("{} more faults of this file are not listed", self.suppressed);
            diagnostics.push(Diagnostic::warning("too-many-faults", self.tree.root(), message));
        }
        (self.tree, diagnostics)
    }

    /// An empty tree with the fault that ended the parsing after all that was remarked before.
    pub(crate) fn fail(mut self, fault: Fault) -> (Tree, Vec<Diagnostic>) {
        self.remark(Severity::Error, fault, None);
        self.remarks.iter_mut().for_each(|remark| remark.node = None);
        self.tree.slots.clear();
        self.tree.spots.clear();
        self.finish()
    }

    fn put_null(&mut self) {
        self.tree.slots.push(Slot::new(Tag::Null, KeyId::NONE, 0, Span { start: 0, len: 0 }));
        self.tree.spots.push(Spot { value: 0, key: 0 });
    }

    fn diagnostic(&self, remark: &Remark) -> Diagnostic {
        Diagnostic {
            code: remark.code,
            severity: remark.severity,
            message: remark.message.clone(),
            position: Some(self.tree.position(self.measure.characters_before(remark.at))),
            pointer: remark.node.map_or_else(String::new, |index| Node { tree: &self.tree, index }.pointer()),
            help: (!remark.help.is_empty()).then(|| remark.help.to_owned()),
        }
    }

    fn push(&mut self, tag: Tag, span: Span, place: Place) -> Result<u32, Fault> {
        let index = self.tree.slots.len();
        if index >= MAX_NODES {
            return Err(too_many_nodes(place.at));
        }
        let parent = self.open.last().map_or(0, |open| open.index);
        self.tree.slots.push(Slot::new(tag, place.key, parent, span));
        self.tree.spots.push(Spot { value: place.at, key: place.key_at });
        Ok(index as u32)
    }

    fn is_hidden(&self, index: u32) -> bool {
        self.tree.slots[index as usize].is_hidden()
    }

    fn raise(&mut self, height: usize) {
        if let Some(open) = self.open.last_mut() {
            open.height = open.height.max(height);
        }
    }

    /// Hides every member that a later one replaces; gives the number of those that stay.
    fn hide_duplicates(&mut self, members: &[u32]) -> usize {
        let mut len = members.len();
        for (count, &member) in members.iter().enumerate() {
            let replaced = if members.len() > INDEX_ABOVE {
                self.tree.index_member(member)
            } else {
                let key = |index: u32| self.tree.slots[index as usize].key();
                let mut earlier = members[..count].iter().copied();
                earlier.find(|&other| key(other) == key(member) && !self.is_hidden(other))
            };
            if let Some(replaced) = replaced {
                self.hide(replaced);
                self.remark_duplicate(member);
                len -= 1;
            }
        }
        len
    }

    fn remark_duplicate(&mut self, member: u32) {
        let key = self.tree.key_text(self.tree.slots[member as usize].key());
        let message =
            format!("the key `{key}` stands here for the second time, and the earlier value is lost");
        let at = self.tree.spots[member as usize].key;
        let help = "keep one of the two, or give one another name";
        self.remark(Severity::Warning, Fault { code: "duplicate-key", message, help, at }, Some(member));
    }

    /// Adds the members of merged objects; what the object has itself, or from an earlier source, wins.
    fn merge(&mut self, object: u32, sources: &[u32]) -> Result<(), Fault> {
        let end = self.tree.slots.len() as u32;
        let own = self.tree.children_until(object, end).filter(|&child| !self.is_hidden(child));
        let mut present: HashSet<KeyId> = own.map(|child| self.tree.slots[child as usize].key()).collect();
        let mut wanted = Vec::new();
        for &source in sources {
            if self.tree.slots[source as usize].tag() == Tag::Array {
                for item in self.tree.children(source) {
                    wanted.extend(self.tree.children(item));
                }
            } else {
                wanted.extend(self.tree.children(source));
            }
        }
        for member in wanted {
            let (key, spot) = (self.tree.slots[member as usize].key(), self.tree.spots[member as usize]);
            if present.insert(key) {
                let place = Place { key, key_at: spot.key, at: spot.value };
                self.copy_into(object, Built { index: member, height: 0 }, place)?;
            }
        }
        Ok(())
    }

    fn copy_subtree(&mut self, source: Built, place: Place) -> Result<u32, Fault> {
        let parent = self.open.last().map_or(0, |open| open.index);
        self.copy_into(parent, source, place)
    }

    /// Copies a subtree to the end; its size is counted before anything is copied.
    fn copy_into(&mut self, parent: u32, source: Built, place: Place) -> Result<u32, Fault> {
        if self.open.len() + source.height > MAX_DEPTH {
            return Err(too_deep(place.at));
        }
        let from = source.index;
        let end = self.tree.slots[from as usize].end(from);
        self.copied += (end - from) as usize;
        if self.copied > MAX_ALIAS_NODES {
            return Err(alias_bomb(place.at));
        }
        let to = self.tree.slots.len() as u32;
        if (to + end - from) as usize > MAX_NODES {
            return Err(too_many_nodes(place.at));
        }
        for index in from as usize..end as usize {
            self.tree.slots.push(self.tree.slots[index].moved(to - from));
            self.tree.spots.push(self.tree.spots[index]);
        }
        let top = &mut self.tree.slots[to as usize];
        top.set_key(place.key);
        top.set_hidden(false);
        top.parent = parent;
        self.tree.spots[to as usize].key = place.key_at;
        self.index_copied(to);
        Ok(to)
    }

    fn index_copied(&mut self, from: u32) {
        for object in from..self.tree.slots.len() as u32 {
            let slot = self.tree.slots[object as usize];
            if slot.tag() == Tag::Object && slot.len() > INDEX_ABOVE {
                let members: Vec<u32> = self.tree.children(object).collect();
                for member in members {
                    self.tree.index_member(member);
                }
            }
        }
    }
}

pub(crate) fn too_deep(at: u32) -> Fault {
    let message = format!("values are nested more than {MAX_DEPTH} levels deep here");
    Fault { code: "too-deep", message, help: "flatten the document, or take parts out with `$ref`", at }
}

fn too_many_nodes(at: u32) -> Fault {
    let message = format!("the file holds more than {MAX_NODES} values");
    Fault { code: "too-many-values", message, help: "split the document into several files", at }
}

fn alias_bomb(at: u32) -> Fault {
    let message = format!("aliases expand to more than {MAX_ALIAS_NODES} values here");
    Fault { code: "alias-bomb", message, help: "use `$ref` in place of YAML aliases", at }
}
