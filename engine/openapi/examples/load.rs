//! Loads descriptions from files and prints what came of it: for measuring and for a quick look.
//! `cargo run --release --example load -- [-v] FILE...`

use std::time::Instant;

use mocker_openapi::{Fetch, FetchError, Location, load};

struct Disk;

impl Fetch for Disk {
    fn fetch(&mut self, location: &Location) -> Result<Vec<u8>, FetchError> {
        match location {
            Location::File(path) => {
                std::fs::read(path).map_err(|error| FetchError { reason: error.to_string() })
            }
            Location::Url(_) => Err(FetchError { reason: "this example reads files only".to_owned() }),
        }
    }
}

/// Memory of this process with the document still alive; 0 where the system does not say.
fn resident_megabytes() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let resident = pages.and_then(|pages| pages.split(' ').nth(1)?.parse::<usize>().ok());
    resident.unwrap_or_default() * 4096 / 1_000_000
}

fn main() {
    let mut verbose = false;
    for argument in std::env::args().skip(1) {
        if argument == "-v" {
            verbose = true;
            continue;
        }
        let started = Instant::now();
        let loaded = load(Location::File(argument.clone().into()), &mut Disk);
        let took = started.elapsed();
        let (operations, schemas) = loaded
            .document
            .as_ref()
            .map_or((0, 0), |document| (document.operations.len(), document.schemas.len()));
        println!(
            "{argument}: {operations} operations, {schemas} schemas, {} files, {} diagnostics, {took:.1?}, {} MB resident",
            loaded.files.len(),
            loaded.diagnostics.len(),
            resident_megabytes()
        );
        for diagnostic in loaded.diagnostics.iter().filter(|_| verbose) {
            let place = diagnostic.position.map_or_else(String::new, |position| {
                let file = &loaded.files[usize::from(position.file.0)];
                format!("{file}:{}:{}: ", position.line, position.column)
            });
            println!("  {place}{:?} {}: {}", diagnostic.severity, diagnostic.code, diagnostic.message);
            if let Some(help) = &diagnostic.help {
                println!("    {help}");
            }
        }
    }
}
