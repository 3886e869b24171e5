//! Arrays: how many elements, and which schemas each of them obeys.

use std::collections::HashMap;
use std::sync::Arc;

use super::block::{Block, Op, Pool};
use super::compile::{Compiler, Place};
use super::fail::Fail;
use super::limits;
use super::merge::Merged;
use crate::SchemaId;
use crate::node::ArrayRules;
use crate::validate::equality::{equal, hash};

/// Draws for one array whose elements must differ, a multiple of their number.
const DRAWS: usize = 12;
/// Elements of an array that is drawn once only.
const LONG: u64 = 256;
/// Arrays kept where the elements must differ.
const DISTINCT: usize = 8;

/// The array keywords of a conjunction, side by side.
struct Frame<'s> {
    rules: Vec<&'s ArrayRules>,
    least: u64,
    most: u64,
    prefix: usize,
    unique: bool,
}

impl<'s> Compiler<'s> {
    /// An array that obeys every atom of `merged`.
    pub(super) fn array(&mut self, merged: &Merged<'s>, place: Place<'_>) -> Result<Block, Fail> {
        let frame = self.frame(merged)?;
        let fixed = self.fixed(&frame, merged, place)?;
        let usual = self.usual(&frame, place).min(frame.most);
        let least = frame.least.max(usual.min(1));
        let most = least.max(usual);
        if fixed.len() as u64 >= most {
            return self.closed(&frame, merged, fixed);
        }
        let conjunction = frame.element(fixed.len().max(frame.prefix));
        let copies = place.copies.saturating_mul(most.min(1 << 20) as usize);
        let mut inside = Place {
            name: singular(place.name),
            depth: place.depth + 1,
            copies,
            different: if frame.unique {
                place.different.max(most.min(1 << 20) as usize)
            } else {
                place.different
            },
            optional: frame.least <= fixed.len() as u64,
            varied: frame.unique && least > 1,
            family: None,
            ..place
        };
        if frame.unique && inside.name.is_empty() {
            // what may be anything is a string then: there are many
            inside.name = "item";
        }
        let is_withheld = self.is_withheld(&conjunction);
        let element = match self.value(&conjunction, inside) {
            Ok(element) if !is_withheld => element,
            Ok(_) | Err(_) if inside.optional => return self.closed(&frame, merged, fixed),
            Ok(element) => element,
            Err(fail) => return Err(fail),
        };
        let rest = (least.saturating_sub(fixed.len() as u64), most - fixed.len() as u64);
        let told = self.told_elements(fixed.iter().chain([&element]));
        let block = match frame.unique {
            true => self.distinct(&frame, merged, fixed, Some(element), rest)?,
            false => repeated(fixed, element, rest),
        };
        Ok(Block { told, ..block })
    }

    fn frame(&self, merged: &Merged<'s>) -> Result<Frame<'s>, Fail> {
        let rules: Vec<&ArrayRules> =
            merged.atoms.iter().filter_map(|(_, schema)| schema.array.as_deref()).collect();
        let contained = rules.iter().filter(|rules| rules.contains.is_some());
        let contained = contained.map(|rules| rules.min_contains).max().unwrap_or(0);
        let least = rules.iter().map(|rules| rules.min_items).max().unwrap_or(0).max(contained);
        let most = rules.iter().filter_map(|rules| rules.max_items).min().unwrap_or(u64::MAX);
        if least > most {
            let reason = format!("minItems {least} is above maxItems {most}");
            return Err(Fail::contradiction(merged.schema(), reason));
        }
        if least > limits::ITEMS {
            return Err(Fail::limit(merged.schema(), format!("minItems {least} is more than is made")));
        }
        let prefix = rules.iter().map(|rules| rules.prefix.len()).max().unwrap_or(0);
        let unique = rules.iter().any(|rules| rules.unique);
        Ok(Frame { rules, least, most, prefix, unique })
    }

    /// The elements that differ in schema from those behind them: the prefix, and as many
    /// as `contains` demands.
    fn fixed(
        &mut self,
        frame: &Frame<'s>,
        merged: &Merged<'s>,
        place: Place<'_>,
    ) -> Result<Vec<Block>, Fail> {
        let prefix = match self.options.fill_optional && !place.minimal {
            true => frame.prefix,
            false => frame.prefix.min(frame.least as usize),
        };
        let mut owed = frame.contained();
        let mut elements = Vec::with_capacity(prefix);
        while (elements.len() < prefix || !owed.is_empty()) && (elements.len() as u64) < frame.most {
            let is_needed = (elements.len() as u64) < frame.least || !owed.is_empty();
            let inside = Place {
                depth: place.depth + 1,
                name: singular(place.name),
                optional: !is_needed,
                family: None,
                ..place
            };
            match self.fixed_element(frame, &mut owed, elements.len(), inside) {
                Ok(element) => elements.push(element),
                Err(fail) if is_needed => return Err(fail),
                Err(_) => break,
            }
        }
        if !owed.is_empty() {
            let reason = format!("contains: none of at most {} elements can obey", frame.most);
            return Err(Fail::contradiction(merged.schema(), reason));
        }
        Ok(elements)
    }

    /// An element that obeys as much of what `contains` is still owed as it can.
    fn fixed_element(
        &mut self,
        frame: &Frame<'s>,
        owed: &mut Vec<(SchemaId, u64)>,
        index: usize,
        place: Place<'_>,
    ) -> Result<Block, Fail> {
        // what `contains` accepts counts as evaluated
        let declared = frame.declared(index);
        let all: Vec<SchemaId> = owed.iter().map(|(id, _)| *id).collect();
        let one_by_one = all.iter().filter(|_| all.len() > 1).map(|id| vec![*id]);
        let mut first = None;
        for paid in [all.clone()].into_iter().chain(one_by_one).filter(|paid| !paid.is_empty()) {
            match self.value(&[declared.as_slice(), &paid].concat(), place) {
                Ok(element) => {
                    owed.iter_mut().filter(|(id, _)| paid.contains(id)).for_each(|(_, count)| *count -= 1);
                    owed.retain(|(_, count)| *count > 0);
                    return Ok(element);
                }
                Err(fail) => first = first.or(Some(fail)),
            }
        }
        match first {
            Some(fail) if index >= frame.prefix => Err(fail),
            _ => self.value(&frame.element(index), place),
        }
    }

    /// How many elements an array has where the author leaves it open.
    fn usual(&self, frame: &Frame<'s>, place: Place<'_>) -> u64 {
        let is_closed = frame.rules.iter().all(|rules| rules.items.is_none()) && frame.prefix > 0;
        match place.depth {
            _ if place.minimal || !self.options.fill_optional => 0,
            _ if is_closed => frame.prefix as u64,
            0 | 1 => 3,
            2 | 3 => 2,
            _ => 1,
        }
    }

    /// An array of nothing but `fixed`.
    fn closed(&mut self, frame: &Frame<'s>, merged: &Merged<'s>, fixed: Vec<Block>) -> Result<Block, Fail> {
        let told = self.told_elements(fixed.iter());
        let block = match frame.unique && fixed.len() > 1 {
            true => self.distinct(frame, merged, fixed, None, (0, 0))?,
            false => join(fixed),
        };
        Ok(Block { told, ..block })
    }

    /// Arrays whose elements differ, drawn beforehand.
    fn distinct(
        &mut self,
        frame: &Frame<'s>,
        merged: &Merged<'s>,
        fixed: Vec<Block>,
        element: Option<Block>,
        (least, most): (u64, u64),
    ) -> Result<Block, Fail> {
        let mut arrays: Vec<Vec<u8>> = Vec::new();
        let mut longest = 0;
        // one that is cut short may lack what `contains` demands
        let needed = if frame.contained().is_empty() { 0 } else { fixed.len() as u64 }.max(frame.least);
        // long ones are costly to draw, and one is varied in itself
        let rounds = if most > LONG { 1 } else { DISTINCT };
        for _ in 0..rounds {
            let wanted = fixed.len() + (least + self.random.below(most - least + 1)) as usize;
            let mut drawn: Vec<Vec<u8>> = Vec::new();
            let mut seen: HashMap<u64, Vec<serde_json::Value>> = HashMap::new();
            for _ in 0..fixed.len() + wanted.saturating_mul(DRAWS) {
                let Some(block) = fixed.get(drawn.len()).or(element.as_ref()) else { break };
                let text = block.sample(&mut self.random);
                if drawn.len() == wanted {
                    continue;
                }
                let Ok(value) = serde_json::from_slice(&text) else { continue };
                let alike = seen.entry(hash(&value)).or_default();
                if !alike.iter().any(|known| equal(known, &value)) {
                    alike.push(value);
                    drawn.push(text);
                }
            }
            longest = longest.max(drawn.len());
            if drawn.len() as u64 >= needed {
                arrays.push([b"[", drawn.join(&b","[..]).as_slice(), b"]"].concat());
            }
        }
        if arrays.is_empty() {
            let reason =
                format!("uniqueItems: only {longest} different elements were found, {needed} are needed");
            return Err(Fail::contradiction(merged.schema(), reason));
        }
        arrays.sort_unstable();
        arrays.dedup();
        Ok(Block::pool(Arc::new(Pool::new(arrays))))
    }
}

impl Frame<'_> {
    /// The schemas that hold for element `index`.
    fn element(&self, index: usize) -> Vec<SchemaId> {
        let mut conjunction = self.declared(index);
        if conjunction.is_empty() {
            conjunction.extend(self.rules.iter().filter_map(|rules| rules.unevaluated));
        }
        conjunction
    }

    /// Those of `prefixItems` and `items`.
    fn declared(&self, index: usize) -> Vec<SchemaId> {
        let own = |rules: &&ArrayRules| rules.prefix.get(index).copied().or(rules.items);
        self.rules.iter().filter_map(own).collect()
    }

    /// Schemas of `contains`, and how many elements have to obey each.
    fn contained(&self) -> Vec<(SchemaId, u64)> {
        let pairs = self.rules.iter().filter_map(|rules| Some((rules.contains?, rules.min_contains)));
        pairs.filter(|(_, count)| *count > 0).collect()
    }
}

fn join(elements: Vec<Block>) -> Block {
    let mut block = Block::literal("[");
    for (index, element) in elements.into_iter().enumerate() {
        if index > 0 {
            block.push_bytes(b",");
        }
        block.push(element);
    }
    block.push_bytes(b"]");
    block
}

fn repeated(fixed: Vec<Block>, element: Block, (least, most): (u64, u64)) -> Block {
    let has_fixed = !fixed.is_empty();
    let mut block = Block::literal("[");
    for (index, each) in fixed.into_iter().enumerate() {
        if index > 0 {
            block.push_bytes(b",");
        }
        block.push(each);
    }
    if most > 0 {
        // at least one, so that the comma before it is right
        let least = if has_fixed { least.max(1) } else { least };
        if has_fixed {
            block.push_bytes(b",");
        }
        let spread = (most - least + 1) as u32;
        match (element.constant(), spread) {
            (Some(text), 1) if least as usize * text.len() < 4096 => {
                block.push_bytes(&vec![text; least as usize].join(&b","[..]));
            }
            _ => block.ops.push(Op::Repeat { least: least as u32, spread, body: element.into() }),
        }
    }
    block.push_bytes(b"]");
    block
}

/// The name of one element of what `plural` names.
pub(super) fn singular(plural: &str) -> &str {
    match plural.strip_suffix("s") {
        Some(stem) if stem.len() > 2 && !stem.ends_with(['s', 'u', 'i']) => stem,
        _ => plural,
    }
}
