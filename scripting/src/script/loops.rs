//! Where a script can stay for long.

use rhai::{AST, ASTNode, Position, Stmt};

/// Where the loops of a script begin, its closures' too.
pub(super) fn loops(tree: &AST) -> Vec<Position> {
    let mut found = Vec::new();
    tree.walk(&mut |path| {
        if let Some(ASTNode::Stmt(stmt @ (Stmt::While(..) | Stmt::Do(..) | Stmt::For(..)))) = path.last() {
            found.push(stmt.position());
        }
        true
    });
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::loops;

    #[test]
    fn every_kind_of_loop_is_found_once() {
        let text = "fn a() {\n  loop { }\n  while true { for x in [1] { x += 1; } }\n  if true { do { } until false }\n}\n\
                    fn b() {\n  [1].map(|x| { loop { } })\n}\n";
        let tree = super::super::engine::bare().compile(text).expect("a sound script");
        let lines: Vec<_> = loops(&tree).into_iter().map(|position| position.line().unwrap_or(0)).collect();
        assert_eq!(lines, [2, 3, 3, 4, 7]);
    }
}
