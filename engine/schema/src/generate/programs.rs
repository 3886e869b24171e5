//! Programs that are kept for who asks for the same schema again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Failure, Options, Program};
use crate::validate::Direction;
use crate::{SchemaId, Schemas};

/// Compiled programs by schema. About as many bytes of them are kept as were asked for: those that were asked for since half
/// of it was filled, and those of the half before.
///
/// Arenas are told apart by their address: those that programs were compiled from must live as long.
#[derive(Debug)]
pub struct Programs {
    kept: Mutex<Kept>,
    half: usize,
}

type Name = (usize, SchemaId, Direction, bool, Option<Failure>);

#[derive(Debug, Default)]
struct Kept {
    young: HashMap<Name, Arc<Program>>,
    old: HashMap<Name, Arc<Program>>,
    /// Bytes of the young ones
    size: usize,
}

impl Programs {
    /// Keeps about `bytes` of programs.
    pub fn new(bytes: usize) -> Programs {
        Programs { kept: Mutex::default(), half: bytes / 2 }
    }

    /// What writes values of `root`; where nothing can obey it, what comes nearest.
    pub fn get(&self, schemas: &Schemas, root: SchemaId, options: &Options) -> Arc<Program> {
        let arena = std::ptr::from_ref(schemas) as usize;
        let name = (arena, root, options.direction, options.fill_optional, options.failure);
        let found = self.kept.lock().unwrap_or_else(PoisonError::into_inner).find(&name, self.half);
        found.unwrap_or_else(|| {
            let program = Arc::new(Program::nearest(schemas, root, options));
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.put(name, Arc::clone(&program), self.half);
            program
        })
    }

    /// Bytes that are kept.
    pub fn size(&self) -> usize {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.young.values().chain(kept.old.values()).map(|program| program.size()).sum()
    }
}

impl Kept {
    fn find(&mut self, name: &Name, half: usize) -> Option<Arc<Program>> {
        if let Some(program) = self.young.get(name) {
            return Some(Arc::clone(program));
        }
        let program = self.old.remove(name)?;
        self.put(*name, Arc::clone(&program), half);
        Some(program)
    }

    fn put(&mut self, name: Name, program: Arc<Program>, half: usize) {
        let size = program.size();
        if size > half {
            return;
        }
        if self.size + size > half {
            self.old = std::mem::take(&mut self.young);
            self.size = 0;
        }
        self.size += size;
        self.young.insert(name, program);
    }
}

#[cfg(test)]
mod tests {
    use mocker_source::FileId;

    use super::*;
    use crate::lower::{self, Dialect};

    #[test]
    fn programs_are_kept_within_their_limit() {
        let texts: Vec<String> = (100..140).map(|value| format!("{{\"const\": {value}}}")).collect();
        let text = format!("[{}]", texts.join(","));
        let (tree, _) = mocker_source::parse(FileId(0), text.as_bytes());
        let mut lowering = lower::local(&tree, Dialect::OpenApi31);
        let ids: Vec<SchemaId> = tree.root().items().map(|node| lowering.lower(node)).collect();
        let schemas = lowering.finish().0;
        let options = Options::new(Direction::Response, true);
        let one = Program::nearest(&schemas, ids[0], &options).size();
        for (room, least) in [(0, 0), (one * 2, 1), (one * 20, 10), (one * 1_000, 40)] {
            let programs = Programs::new(room);
            ids.iter().for_each(|id| drop(programs.get(&schemas, *id, &options)));
            assert!((least * one..=room).contains(&programs.size()), "{room}: {}", programs.size());
        }
        let programs = Programs::new(one * 4);
        let first = programs.get(&schemas, ids[0], &options);
        assert!(Arc::ptr_eq(&first, &programs.get(&schemas, ids[0], &options)));
        programs.get(&schemas, ids[1], &options);
        programs.get(&schemas, ids[2], &options);
        // of the half before, and young again
        assert!(Arc::ptr_eq(&first, &programs.get(&schemas, ids[0], &options)));
        let other = Options { fill_optional: false, ..options };
        assert!(!Arc::ptr_eq(&first, &programs.get(&schemas, ids[0], &other)));
    }
}
