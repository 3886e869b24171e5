//! Schemas that stand over the same value and contain one another (`allOf: [self]`) say
//! nothing by that, and would keep a reader of the arena going in circles. After this step
//! every circle of the arena goes through `properties`, `items` or their like, and so through
//! a smaller value.

use std::collections::HashMap;

use mocker_source::Diagnostic;

use crate::SchemaId;
use crate::node::Schema;

/// Cuts all circles, and reports each.
pub(super) fn cut(nodes: &mut Vec<Schema>, diagnostics: &mut Vec<Diagnostic>) {
    for circle in circles(nodes) {
        inherit_without_choice(nodes, &circle, diagnostics);
    }
    for circle in circles(nodes) {
        for (from, to) in back_edges(nodes, &circle) {
            forget(&mut nodes[from], to);
            let message = "the schema contains itself on the same value; the inner one is ignored";
            diagnostics.push(Diagnostic::error_at("ref-cycle", nodes[from].position, message));
        }
    }
}

/// The schemas that judge the same value as `schema`.
fn in_place(schema: &Schema) -> Vec<usize> {
    let mut found: Vec<SchemaId> = schema.reference.into_iter().collect();
    if let Some(rules) = &schema.object {
        found.extend(rules.dependent_schemas.iter().map(|(_, id)| *id));
    }
    if let Some(logic) = &schema.logic {
        for list in [&logic.all_of, &logic.any_of, &logic.one_of] {
            found.extend(list.iter());
        }
        found.extend([logic.not, logic.condition, logic.then, logic.otherwise].into_iter().flatten());
    }
    found.into_iter().map(SchemaId::index).collect()
}

/// A node on the way down: its index, what it leads to, and how much of that was followed.
struct Step {
    node: usize,
    targets: Vec<usize>,
    next: usize,
}

impl Step {
    fn at(nodes: &[Schema], node: usize) -> Step {
        Step { node, targets: in_place(&nodes[node]), next: 0 }
    }
    fn advance(&mut self) -> Option<usize> {
        self.next += 1;
        self.targets.get(self.next - 1).copied()
    }
}

const UNSEEN: u32 = u32::MAX;

/// Tarjan's strongly connected components, without recursion; only those with a circle.
struct Search<'n> {
    nodes: &'n [Schema],
    order: Vec<u32>,
    low: Vec<u32>,
    open: Vec<bool>,
    stack: Vec<usize>,
    seen: u32,
    found: Vec<Vec<usize>>,
}

fn circles(nodes: &[Schema]) -> Vec<Vec<usize>> {
    let size = nodes.len();
    let mut search = Search {
        nodes,
        order: vec![UNSEEN; size],
        low: vec![0; size],
        open: vec![false; size],
        stack: Vec::new(),
        seen: 0,
        found: Vec::new(),
    };
    for start in 0..size {
        if search.order[start] == UNSEEN {
            search.from(start);
        }
    }
    search.found
}

impl Search<'_> {
    fn from(&mut self, start: usize) {
        let mut way = vec![self.open(start)];
        while let Some(step) = way.last_mut() {
            let node = step.node;
            match step.advance() {
                Some(target) if self.order[target] == UNSEEN => {
                    let step = self.open(target);
                    way.push(step);
                }
                Some(target) => {
                    if self.open[target] {
                        self.low[node] = self.low[node].min(self.order[target]);
                    }
                }
                None => {
                    way.pop();
                    if let Some(above) = way.last() {
                        self.low[above.node] = self.low[above.node].min(self.low[node]);
                    }
                    self.close(node);
                }
            }
        }
    }

    fn open(&mut self, node: usize) -> Step {
        (self.order[node], self.low[node]) = (self.seen, self.seen);
        self.seen += 1;
        self.open[node] = true;
        self.stack.push(node);
        Step::at(self.nodes, node)
    }

    fn close(&mut self, node: usize) {
        if self.low[node] != self.order[node] {
            return;
        }
        let first = self.stack.iter().rposition(|other| *other == node).unwrap_or(0);
        let mut members = self.stack.split_off(first);
        members.iter().for_each(|member| self.open[*member] = false);
        if members.len() > 1 || in_place(&self.nodes[node]).contains(&node) {
            members.sort_unstable();
            self.found.push(members);
        }
    }
}

/// `Pet: oneOf [Cat, Dog]` with `Cat: allOf [Pet, ...]` is how inheritance is often written:
/// what `Cat` takes over is `Pet` without its choice.
fn inherit_without_choice(nodes: &mut Vec<Schema>, circle: &[usize], diagnostics: &mut Vec<Diagnostic>) {
    let chooses = |node: &Schema| {
        let inside = |list: &[SchemaId]| list.iter().any(|id| circle.binary_search(&id.index()).is_ok());
        node.logic.as_ref().is_some_and(|logic| inside(&logic.any_of) || inside(&logic.one_of))
    };
    let mut bases = Bases { circle, made: HashMap::new(), unread: Vec::new() };
    for member in circle {
        let choosing: Vec<usize> = conjuncts(&nodes[*member])
            .filter(|target| circle.binary_search(target).is_ok() && chooses(&nodes[*target]))
            .collect();
        for target in choosing {
            let base = bases.of(nodes, target);
            replace_conjunct(&mut nodes[*member], target, Some(base));
            let message = "the schema extends one that offers it as a choice; only what stands beside the choice is taken over";
            diagnostics.push(Diagnostic::warning_at("schema-cycle", nodes[*member].position, message));
        }
    }
    bases.finish(nodes);
}

/// Copies of a circle's nodes that have lost what leads back into it.
struct Bases<'c> {
    circle: &'c [usize],
    made: HashMap<usize, SchemaId>,
    unread: Vec<SchemaId>,
}

impl Bases<'_> {
    fn of(&mut self, nodes: &mut Vec<Schema>, node: usize) -> SchemaId {
        if let Some(base) = self.made.get(&node) {
            return *base;
        }
        let copy = nodes[node].clone();
        nodes.push(copy);
        let id = SchemaId::new(nodes.len() - 1);
        self.made.insert(node, id);
        self.unread.push(id);
        id
    }

    fn finish(&mut self, nodes: &mut Vec<Schema>) {
        while let Some(id) = self.unread.pop() {
            let index = id.index();
            let inherited: Vec<usize> =
                conjuncts(&nodes[index]).filter(|target| self.circle.binary_search(target).is_ok()).collect();
            for target in inherited {
                let base = self.of(nodes, target);
                replace_conjunct(&mut nodes[index], target, Some(base));
            }
            for target in self.circle {
                forget(&mut nodes[index], *target);
            }
        }
    }
}

fn conjuncts(schema: &Schema) -> impl Iterator<Item = usize> {
    let all_of = schema.logic.iter().flat_map(|logic| logic.all_of.iter().copied());
    schema.reference.into_iter().chain(all_of).map(SchemaId::index)
}

/// Makes the reference or `allOf` to `target` one to `other`, or drops it.
fn replace_conjunct(schema: &mut Schema, target: usize, other: Option<SchemaId>) {
    let replace = |id: SchemaId| if id.index() == target { other } else { Some(id) };
    schema.reference = schema.reference.and_then(replace);
    if let Some(logic) = &mut schema.logic {
        logic.all_of = logic.all_of.iter().copied().filter_map(replace).collect();
    }
}

/// Drops every keyword of `schema` that judges the same value by `target`; a choice goes whole,
/// since one branch less would refuse more.
fn forget(schema: &mut Schema, target: usize) {
    replace_conjunct(schema, target, None);
    if let Some(rules) = &mut schema.object {
        rules.dependent_schemas =
            rules.dependent_schemas.iter().filter(|(_, id)| id.index() != target).cloned().collect();
    }
    let Some(logic) = &mut schema.logic else { return };
    for list in [&mut logic.any_of, &mut logic.one_of] {
        if list.iter().any(|id| id.index() == target) {
            *list = Box::default();
        }
    }
    let other = |id: &SchemaId| id.index() != target;
    logic.not = logic.not.filter(other);
    logic.then = logic.then.filter(other);
    logic.otherwise = logic.otherwise.filter(other);
    if logic.condition.is_some_and(|id| id.index() == target) {
        (logic.condition, logic.then, logic.otherwise) = (None, None, None);
    }
}

/// The edges inside a circle that lead back to where a walk came from; without them there is none.
fn back_edges(nodes: &[Schema], circle: &[usize]) -> Vec<(usize, usize)> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        Unseen,
        OnTheWay,
        Done,
    }
    let mut marks: HashMap<usize, Mark> = circle.iter().map(|member| (*member, Mark::Unseen)).collect();
    let mut found = Vec::new();
    for start in circle {
        if marks[start] != Mark::Unseen {
            continue;
        }
        marks.insert(*start, Mark::OnTheWay);
        let mut way = vec![Step::at(nodes, *start)];
        while let Some(step) = way.last_mut() {
            let node = step.node;
            let Some(target) = step.advance() else {
                marks.insert(node, Mark::Done);
                way.pop();
                continue;
            };
            match marks.get(&target) {
                Some(Mark::Unseen) => {
                    marks.insert(target, Mark::OnTheWay);
                    way.push(Step::at(nodes, target));
                }
                Some(Mark::OnTheWay) => found.push((node, target)),
                Some(Mark::Done) | None => {}
            }
        }
    }
    found
}
