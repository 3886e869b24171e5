//! Objects whose members are kept apart: what one of them is depends on the key and its name, not on the others, so that
//! it can be had alone, be replaced, and be the same in objects that have only some of them.

use std::sync::Arc;

use serde_json::Value;

use super::block::{Block, Member, Op};
use super::compile::Compiler;
use super::random::Random;
use super::write::write_members;
use super::{Key, Options, Unsatisfiable};
use crate::{SchemaId, Schemas};

/// An object schema compiled to instructions that write it member by member.
#[derive(Debug)]
pub struct Record {
    /// What an object may look like
    forms: Box<[Box<[Member]>]>,
    /// The names of all members
    names: Box<[Arc<str>]>,
    /// For each form, which of the names its members have
    columns: Box<[Box<[usize]>]>,
    /// The same with the examples of its properties, where those are not for every object
    written: Option<Box<Record>>,
}

impl Record {
    /// Compiles what obeys all of `roots`. Examples of a whole object are left out of account: they are all the same.
    ///
    /// # Errors
    /// When nothing can obey them, or what obeys is no object.
    pub fn compile(
        schemas: &Schemas,
        roots: &[SchemaId],
        options: &Options,
    ) -> Result<Record, Unsatisfiable> {
        Record::of(Compiler::compile_record(schemas, options, roots, false)?, roots)
    }

    /// Compiles one of many objects: they have no example of a property in common, but look like it, or as name and format
    /// have it; [`Record::first`] has the examples.
    ///
    /// # Errors
    /// As [`Record::compile`].
    pub fn varied(schemas: &Schemas, roots: &[SchemaId], options: &Options) -> Result<Record, Unsatisfiable> {
        let (block, has_departed) = Compiler::compile_varied(schemas, options, roots, false)?;
        let record = Record::of(block, roots)?;
        let written = has_departed.then(|| Record::compile(schemas, roots, options).ok()).flatten();
        let written = written.filter(|written| written.names == record.names).map(Box::new);
        Ok(Record { written, ..record })
    }

    fn of(mut block: Block, roots: &[SchemaId]) -> Result<Record, Unsatisfiable> {
        block.shrink();
        let mut forms = Vec::new();
        let is_whole = collect(block, &mut forms);
        if !is_whole || forms.is_empty() {
            return Err(Unsatisfiable { schema: roots[0], reason: "what obeys is no object".to_owned() });
        }
        let mut names: Vec<Arc<str>> = Vec::new();
        let mut columns = Vec::new();
        for form in &forms {
            let column = form.iter().map(|member| {
                names.iter().position(|name| *name == member.name).unwrap_or_else(|| {
                    names.push(Arc::clone(&member.name));
                    names.len() - 1
                })
            });
            columns.push(column.collect());
        }
        Ok(Record { forms: forms.into(), names: names.into(), columns: columns.into(), written: None })
    }

    /// What has the examples of all properties: for one object of many.
    pub fn first(&self) -> &Record {
        self.written.as_deref().unwrap_or(self)
    }

    /// The names that members may have; what [`Record::write`] calls a column is an index of these.
    pub fn names(&self) -> &[Arc<str>] {
        &self.names
    }

    /// Whether objects of different keys may have different members.
    pub fn has_several_forms(&self) -> bool {
        self.forms.len() > 1
    }

    /// Appends the object of `key`. `keeps` says of each column whether the object has it; `put` appends its value, or
    /// says that it did not.
    #[inline]
    pub fn write(
        &self,
        key: Key,
        out: &mut Vec<u8>,
        keeps: impl Fn(usize) -> bool,
        mut put: impl FnMut(usize, &mut Vec<u8>) -> bool,
    ) {
        let form = self.form(key);
        let members = self.forms[form].iter().zip(self.columns[form].iter().copied());
        write_members(members.filter(|(_, column)| keeps(*column)), out, |member, column, out| {
            if !put(column, out) {
                member.write(key, out);
            }
        });
    }

    /// Appends the value of one column in the object of `key`; whether it has it.
    pub fn value(&self, key: Key, column: usize, out: &mut Vec<u8>) -> bool {
        let form = self.form(key);
        let index = self.columns[form].iter().position(|known| *known == column);
        let member = index.map(|index| &self.forms[form][index]);
        if let Some(member) = member {
            member.write(key, out);
        }
        member.is_some()
    }

    #[inline]
    fn form(&self, key: Key) -> usize {
        match self.forms.len() {
            1 => 0,
            count => Random::new(key.0).index(count),
        }
    }
}

/// Takes a block apart into objects; whether all of it was one.
fn collect(block: Block, forms: &mut Vec<Box<[Member]>>) -> bool {
    let mut ops = block.ops.into_iter();
    match (ops.next(), ops.next()) {
        (Some(Op::Members(members)), None) => {
            forms.push(members);
            true
        }
        (Some(Op::Choice(blocks)), None) => blocks.into_iter().all(|block| collect(block, forms)),
        (Some(Op::Pool(pool)), None) => pool.iter().all(|text| literal(text, forms)),
        (Some(Op::Literal(text)), None) => literal(&text, forms),
        _ => false,
    }
}

fn literal(text: &[u8], forms: &mut Vec<Box<[Member]>>) -> bool {
    let Ok(Value::Object(members)) = serde_json::from_slice(text) else { return false };
    let member = |(name, value): (String, Value)| Member::new(name.into(), Block::literal(value.to_string()));
    forms.push(members.into_iter().map(member).collect());
    true
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn record() -> Record {
        let value = |op: Op| Block::of(op);
        let number = Op::Number { first: 1, step: 1, count: 1_000_000, scale: 0, fixed: false };
        let one: Box<[Member]> = Box::new([
            Member::new("a".into(), value(number.clone())),
            Member::new("b".into(), value(Op::Uuid)),
        ]);
        let other: Box<[Member]> =
            Box::new([Member::new("c".into(), Block::literal("0")), Member::new("a".into(), value(number))]);
        Record {
            forms: Box::new([one, other]),
            names: Box::new(["a".into(), "b".into(), "c".into()]),
            columns: Box::new([Box::new([0, 1]), Box::new([2, 0])]),
            written: None,
        }
    }

    fn written(record: &Record, key: u64, kept: &[usize]) -> HashMap<String, Value> {
        let mut out = Vec::new();
        record.write(Key(key), &mut out, |column| kept.contains(&column), |_, _| false);
        serde_json::from_slice(&out).expect("an object")
    }

    #[test]
    fn a_member_is_the_same_beside_others_and_alone() {
        let record = record();
        for key in 0..100 {
            let whole = written(&record, key, &[0, 1, 2]);
            assert_eq!(whole.len(), 2);
            for (column, name) in ["a", "b", "c"].into_iter().enumerate() {
                let part = written(&record, key, &[column]);
                assert_eq!(part.get(name), whole.get(name), "{key}");
                let mut alone = Vec::new();
                assert_eq!(record.value(Key(key), column, &mut alone), whole.contains_key(name));
                if let Some(value) = whole.get(name) {
                    assert_eq!(alone, value.to_string().into_bytes());
                }
            }
        }
    }

    #[test]
    fn what_is_put_stands_in_its_place() {
        let record = record();
        let mut out = Vec::new();
        record.write(
            Key(1),
            &mut out,
            |column| column == 0,
            |_, out| {
                out.extend_from_slice(b"\"x\"");
                true
            },
        );
        assert_eq!(out, br#"{"a":"x"}"#);
    }
}
