//! Every real document of the corpus is read without an error.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use mocker_source::{FileId, parse};

fn documents(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            documents(&path, found);
        } else if path
            .extension()
            .is_some_and(|extension| ["json", "yaml", "yml"].iter().any(|e| extension == *e))
        {
            found.push(path);
        }
    }
}

#[test]
fn real_documents_are_read_whole() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if !corpus.is_dir() {
        // Written past the capture of the test harness, so that it is seen.
        writeln!(std::io::stderr(), "SKIPPED: there is no corpus at {}", corpus.display()).unwrap();
        return;
    }
    let mut found = Vec::new();
    documents(&corpus, &mut found);
    assert!(found.len() > 20, "the corpus has only {} documents", found.len());
    for path in found {
        let text = fs::read(&path).unwrap();
        let (tree, diagnostics) = parse(FileId(0), &text);
        let errors: Vec<_> = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", path.display());
        assert!(tree.root().len() > 1, "{}", path.display());
        let mut written = Vec::new();
        tree.root().write_json(&mut written);
        let reread: serde_json::Value = serde_json::from_slice(&written).unwrap();
        assert!(reread == tree.root().to_json(), "{} does not survive being written", path.display());
        if path.extension().is_some_and(|extension| extension == "json") {
            let expected: serde_json::Value = serde_json::from_slice(&text).unwrap();
            assert!(reread == expected, "{} is read differently", path.display());
        }
    }
}
