//! From a conjunction of schemas to a block: author's values first, then one combination of
//! branches after the other until one gives values that obey.

use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::block::{Block, Pool};
use super::decide::Decisions;
use super::fail::{Cause, Fail};
use super::family::Family;
use super::likeness::Likeness;
use super::merge::{Merged, Merger};
use super::random::Random;
use super::strings::Sifted;
use super::told::{self, Origin, Told};
use super::{Options, limits, outline, verify};
use crate::{SchemaId, Schemas, Types};

/// Where a value stands, and so how much of it is wanted.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    /// Property or parameter that holds the value; empty for none
    pub(super) name: &'p str,
    /// Name of what holds that property
    pub(super) parent: &'p str,
    /// Containers around it
    pub(super) depth: usize,
    /// How many copies of the value a body may have
    pub(super) copies: usize,
    /// How many values must differ from each other, of which this is one or a part; 0 if none must
    pub(super) different: usize,
    /// Only what is required
    pub(super) minimal: bool,
    /// Values must differ from one another, so an example will not do
    pub(super) varied: bool,
    /// Whether the holder can do without
    pub(super) optional: bool,
    /// Whose member it is; `None` for what is no member
    pub(super) family: Option<&'p Family<'p>>,
}

/// Which optional properties an object gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fill {
    All,
    /// All but those that may make another branch match
    Careful,
    Required,
}

/// One compile of one schema.
pub(super) struct Compiler<'s> {
    pub(super) schemas: &'s Schemas,
    pub(super) options: &'s Options,
    /// Draws samples; seeded alike in every compile
    pub(super) random: Random,
    pub(super) pools: HashMap<(usize, u64, u64), Option<Arc<Pool>>>,
    /// What rules leave of the pools of fakers; `None` where that is too little
    pub(super) sifted: HashMap<Sifted, Option<Arc<Pool>>>,
    full_depth: usize,
    is_last: bool,
    /// What is made is told of
    pub(super) tells: bool,
    /// The root is an object whose members are kept apart
    pub(super) is_record: bool,
    /// Examples of members are not for every object
    pub(super) varies: bool,
    /// Some example was not taken for that reason
    pub(super) has_departed: bool,
    /// Something is made even where nothing can obey
    pub(super) is_lenient: bool,
    /// Judge every value, not only those that construction leaves open
    is_wary: bool,
    /// Steps that are left for judging values, in this whole compile
    pub(super) judgement: Cell<u64>,
    values: usize,
    fuel: usize,
    is_over: bool,
    active: Vec<(Rc<[SchemaId]>, bool)>,
    smallest: HashMap<Rc<[SchemaId]>, Block>,
    failed: HashMap<Rc<[SchemaId]>, Fail>,
}

impl<'s> Compiler<'s> {
    fn new(schemas: &'s Schemas, options: &'s Options) -> Self {
        Compiler {
            schemas,
            options,
            random: Random::new(0),
            pools: HashMap::new(),
            sifted: HashMap::new(),
            full_depth: 0,
            is_last: false,
            tells: false,
            is_record: false,
            varies: false,
            has_departed: false,
            is_lenient: false,
            is_wary: false,
            judgement: Cell::new(limits::JUDGEMENT),
            values: 0,
            fuel: 0,
            is_over: false,
            active: Vec::new(),
            smallest: HashMap::new(),
            failed: HashMap::new(),
        }
    }

    /// The block for `root`: as full as fits the budget, and judged as a whole.
    pub(super) fn compile(
        schemas: &'s Schemas,
        options: &'s Options,
        root: SchemaId,
        tells: bool,
    ) -> Result<Block, Fail> {
        Compiler { tells, ..Compiler::new(schemas, options) }.compile_root(&[root])
    }

    /// The block for an object that obeys all of `roots`, its members kept apart where they can be.
    pub(super) fn compile_record(
        schemas: &'s Schemas,
        options: &'s Options,
        roots: &[SchemaId],
        tells: bool,
    ) -> Result<Block, Fail> {
        Compiler { is_record: true, tells, ..Compiler::new(schemas, options) }.compile_root(roots)
    }

    /// The same for one of many objects, whose members have no example that others have too; and whether they would
    /// have any.
    pub(super) fn compile_varied(
        schemas: &'s Schemas,
        options: &'s Options,
        roots: &[SchemaId],
        tells: bool,
    ) -> Result<(Block, bool), Fail> {
        let new = Compiler::new(schemas, options);
        let mut compiler = Compiler { is_record: true, varies: true, tells, ..new };
        let block = compiler.compile_root(roots)?;
        Ok((block, compiler.has_departed))
    }

    fn compile_root(&mut self, root: &[SchemaId]) -> Result<Block, Fail> {
        let compiler = self;
        let mut first = None;
        for is_wary in [false, true] {
            for (index, depth) in limits::FULL_DEPTHS.into_iter().enumerate() {
                compiler.is_wary = is_wary;
                compiler.is_last = index + 1 == limits::FULL_DEPTHS.len();
                match compiler.attempt_root(root, depth, false) {
                    Ok(block) => return Ok(block),
                    Err(_) if compiler.is_over && !compiler.is_last => continue,
                    Err(fail) => first.get_or_insert(fail),
                };
                break;
            }
        }
        compiler.attempt_root(root, 0, true).map_err(|fail| first.unwrap_or(fail))
    }

    /// The block for `root` with what cannot obey replaced by something of its type.
    pub(super) fn approximate(
        schemas: &'s Schemas,
        options: &'s Options,
        root: SchemaId,
        tells: bool,
    ) -> Block {
        let mut compiler = Compiler { tells, ..Compiler::new(schemas, options) };
        (compiler.is_lenient, compiler.is_last) = (true, true);
        let tried = limits::FULL_DEPTHS.last().map(|depth| compiler.attempt_root(&[root], *depth, false));
        match tried {
            Some(Ok(block)) => block,
            _ => compiler.told(compiler.something(&[root]), |_| Told::of(Origin::Nearest)),
        }
    }

    fn attempt_root(&mut self, root: &[SchemaId], depth: usize, minimal: bool) -> Result<Block, Fail> {
        (self.full_depth, self.values, self.fuel, self.is_over) = (depth, 0, limits::FUEL, false);
        self.active.clear();
        self.smallest.clear();
        self.failed.clear();
        let place = Place {
            name: "",
            parent: "",
            depth: 0,
            copies: 1,
            different: 0,
            minimal,
            varied: self.is_record,
            optional: false,
            family: None,
        };
        let mut block = self.value(root, place)?;
        block.join_rows();
        if self.is_over {
            return Err(Fail::limit(root[0], "the body is too large"));
        }
        self.judge_root(root, block)
    }

    /// A block whose values obey all of `conjunction`.
    pub(super) fn value(&mut self, conjunction: &[SchemaId], mut place: Place<'_>) -> Result<Block, Fail> {
        let conjunction = self.canonical(conjunction);
        self.count(place);
        let Some(first) = conjunction.first().copied() else { return Ok(self.free_value(place)) };
        self.spend(first)?;
        let mut key: Vec<SchemaId> =
            conjunction.iter().map(|id| outline::target(self.schemas, *id)).collect();
        key.sort_unstable();
        key.dedup();
        let key: Rc<[SchemaId]> = key.into();
        if let Some(fail) = self.failed.get(&key) {
            return Err(fail.clone());
        }
        self.temper(&key, first, &mut place)?;
        if let (true, Some(block)) = (place.minimal, self.smallest.get(&key)) {
            return Ok(block.clone());
        }
        self.active.push((key.clone(), place.minimal));
        let result = self.search(&conjunction, place);
        self.active.pop();
        let was_made = result.is_ok();
        let result = result.and_then(|block| match block.weight() > limits::BODY {
            true => Err(Fail::too_large(first)),
            false => Ok(block),
        });
        if let (true, Err(fail)) = (place.minimal && was_made, &result) {
            // nothing smaller will come of it elsewhere
            self.failed.insert(key.clone(), fail.clone());
        }
        match &result {
            Ok(block) if place.minimal && self.is_container(&key) => {
                self.smallest.insert(key, block.clone());
            }
            Err(fail) if fail.cause == Cause::Contradiction => {
                self.failed.insert(key, fail.clone());
            }
            _ => {}
        }
        result
    }

    /// Decides whether a schema inside itself, or far inside others, is made small or not at all.
    fn temper(&self, key: &Rc<[SchemaId]>, first: SchemaId, place: &mut Place<'_>) -> Result<(), Fail> {
        let same = |minimal| self.active.iter().filter(|(each, m)| each == key && *m == minimal).count();
        if !place.minimal && same(false) >= limits::RECURSION {
            if place.optional {
                return Err(Fail::recursion(first));
            }
            place.minimal = true;
        }
        if place.depth > self.full_depth {
            place.minimal = true;
        }
        match place.minimal && same(true) > 0 {
            true => Err(Fail::recursion(first)),
            false => Ok(()),
        }
    }

    fn spend(&mut self, schema: SchemaId) -> Result<(), Fail> {
        if self.fuel == 0 || self.is_over {
            return Err(Fail::limit(schema, "the schema is too large to find a value for"));
        }
        if self.is_judged_out() && !self.is_lenient {
            return Err(Fail::limit(schema, verify::TOO_LONG));
        }
        self.fuel -= 1;
        match self.active.len() >= limits::DEPTH {
            true => Err(Fail::limit(schema, format!("required values nest deeper than {}", limits::DEPTH))),
            false => Ok(()),
        }
    }

    /// Counts a value; over the budget the attempt ends, unless it is the last.
    fn count(&mut self, place: Place<'_>) {
        self.values = self.values.saturating_add(place.copies);
        self.is_over |= self.values > limits::VALUES_OF_BODY && !self.is_last;
    }

    /// Whether optional parts may still be added.
    pub(super) fn has_room(&self) -> bool {
        self.values < limits::VALUES_OF_BODY
    }

    fn is_container(&self, key: &[SchemaId]) -> bool {
        key.iter().any(|id| {
            let types = outline::types(self.schemas, *id);
            types != Types::ANY && types.intersects(Types::OBJECT.or(Types::ARRAY))
        })
    }

    /// Without repetitions and without schemas that assert nothing.
    fn canonical(&self, conjunction: &[SchemaId]) -> Vec<SchemaId> {
        let mut kept: Vec<SchemaId> = Vec::with_capacity(conjunction.len());
        for id in conjunction {
            let schema = &self.schemas[*id];
            let says_nothing = outline::is_open(schema) && schema.notes.is_none();
            if !says_nothing && !kept.contains(id) {
                kept.push(*id);
            }
        }
        kept
    }

    fn search(&mut self, conjunction: &[SchemaId], place: Place<'_>) -> Result<Block, Fail> {
        let is_open =
            !place.varied && !self.is_added(conjunction, place) && !self.says_status(conjunction, place);
        let mut written = None;
        if let (true, Some((text, origin))) = (is_open, self.authored(conjunction, place)) {
            let is_one_of_many = self.varies && origin == Origin::Example && place.different == 0;
            let likeness = match is_one_of_many {
                true => self.likeness(conjunction, place, &text),
                false => Likeness::Same,
            };
            self.has_departed |= !matches!(likeness, Likeness::Same);
            match likeness {
                Likeness::Same => return Ok(self.told(Block::literal(text), |_| Told::of(origin))),
                Likeness::Shape(block) => return Ok(self.told(block, |_| Told::of(Origin::Alike))),
                Likeness::Free => written = Some((text, origin)),
            }
        }
        let mut decisions = Decisions::default();
        let (mut found, mut wanted, mut patience) = (Vec::new(), 1, usize::MAX);
        let mut first: Option<Fail> = None;
        loop {
            match self.attempt(conjunction, place, &mut decisions) {
                Ok((block, variety)) => {
                    if found.is_empty() && !place.minimal && place.copies < 4 {
                        wanted = variety.clamp(1, 4);
                        patience = wanted * 2;
                    }
                    found.push(block);
                }
                Err(fail) if first.as_ref().is_none_or(|first| first.cause != Cause::Contradiction) => {
                    first = Some(fail);
                }
                Err(_) => {}
            }
            patience -= 1;
            if found.len() >= wanted || patience == 0 || self.is_over || !decisions.advance() {
                break;
            }
        }
        match (found.len(), first) {
            (0, Some(_)) if let Some((text, origin)) = written => {
                Ok(self.told(Block::literal(text), |_| Told::of(origin)))
            }
            (0, Some(fail)) => match self.rescued(conjunction, place) {
                Some(block) => Ok(self.told(block, |_| Told::of(Origin::Edge))),
                None if self.is_lenient && !place.optional => {
                    Ok(self.told(self.something(conjunction), |_| Told::of(Origin::Nearest)))
                }
                None => Err(fail),
            },
            (1, _) => Ok(found.remove(0)),
            _ => {
                let told = self.told_choice(&found);
                Ok(Block { told, ..Block::of(super::block::Op::Choice(found.into())) })
            }
        }
    }

    /// One combination of branches; also says how many comparable ones there are.
    fn attempt(
        &mut self,
        conjunction: &[SchemaId],
        place: Place<'_>,
        decisions: &mut Decisions,
    ) -> Result<(Block, usize), Fail> {
        let fill = self.options.fill_optional && !place.minimal;
        let merged = Merger::merge(self.schemas, conjunction, decisions, fill)?;
        if let Some(block) = self.enumerated(&merged, conjunction, place)? {
            return Ok((self.told(block, told::of_enum), merged.variety));
        }
        if let Some(block) = self.listed(&merged, conjunction, place) {
            return Ok((self.told(block, told::of_list), merged.variety));
        }
        if let Some(said) = self.said_of_failure(conjunction, place) {
            let block = Block::literal(said.to_string());
            return Ok((self.told(block, |_| Told::of(Origin::Failure)), merged.variety));
        }
        let kinds = kinds(&merged, place);
        let kind = kinds[decisions.pick(kinds.len())];
        // where branches overlap, optional properties may be what tells them apart
        let fills: &[Fill] = match (kind == Types::OBJECT, fill, merged.sound) {
            (true, true, true) => &[Fill::All],
            (true, true, false) => &[Fill::All, Fill::Careful, Fill::Required],
            (true, false, false) => &[Fill::Required, Fill::All, Fill::Careful],
            _ => &[Fill::Required],
        };
        let mut last = None;
        for fill in fills {
            let block = self.typed(&merged, kind, place, *fill)?;
            let is_open = !merged.sound || self.is_wary;
            match if is_open { self.judged(conjunction, block) } else { Ok(block) } {
                Ok(block) => return Ok((block, merged.variety)),
                Err(fail) => last = Some(fail),
            }
        }
        Err(last.unwrap_or_else(|| Fail::contradiction(merged.schema(), "no value was found")))
    }

    fn typed(
        &mut self,
        merged: &Merged<'s>,
        kind: Types,
        place: Place<'_>,
        fill: Fill,
    ) -> Result<Block, Fail> {
        let block = match kind {
            Types::OBJECT => self.object(merged, place, fill)?,
            Types::ARRAY => self.array(merged, place)?,
            Types::STRING => self.string(merged, place)?,
            Types::NUMBER => self.number(merged, place)?,
            Types::BOOLEAN => boolean(),
            _ => Block::literal("null"),
        };
        Ok(self.told(block, |block| {
            told::of_type(kind, block, |least, most| self.number_why(merged, place, (least, most)))
        }))
    }

    /// A value that may be anything.
    fn free_value(&mut self, place: Place<'_>) -> Block {
        match place.name {
            "" => self.told(Block::literal("{}"), |_| Told::of(Origin::Object)),
            _ => self.free_string(place),
        }
    }
}

fn boolean() -> Block {
    Block::pool(Arc::new(Pool::new(["true", "false"])))
}

/// The types to try, best first: those that the keywords speak of, then the plain ones.
fn kinds(merged: &Merged<'_>, place: Place<'_>) -> Vec<Types> {
    let any = |test: fn(&crate::Schema) -> bool| merged.atoms.iter().any(|(_, schema)| test(schema));
    let hints = [
        (Types::OBJECT, any(|schema| schema.object.is_some())),
        (Types::ARRAY, any(|schema| schema.array.is_some())),
        (Types::NUMBER, any(|schema| schema.number.is_some())),
        (Types::STRING, any(|schema| schema.string.is_some() || schema.format.is_some())),
    ];
    let hinted = hints.into_iter().filter(|(_, is_hinted)| *is_hinted).map(|(kind, _)| kind);
    let first = if place.name.is_empty() { Types::OBJECT } else { Types::STRING };
    let plain =
        [first, Types::STRING, Types::NUMBER, Types::BOOLEAN, Types::OBJECT, Types::ARRAY, Types::NULL];
    let mut kinds: Vec<Types> = Vec::with_capacity(4);
    let is_any = merged.types == Types::ANY;
    let plain = plain.into_iter().filter(|kind| !is_any || *kind != Types::NULL);
    for kind in hinted.chain(plain) {
        if merged.types.intersects(kind) && !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    if kinds.is_empty() {
        kinds.push(Types::NULL);
    }
    kinds
}
