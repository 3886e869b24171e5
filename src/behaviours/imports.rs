//! Scripts that other scripts import, wherever these come from: files of the importing script's folder and below.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use mocker_scripting::limits::MAX_SCRIPT_BYTES;
use mocker_scripting::{Imported, Source, imported};

use super::scripts::{ENDING, Scripts, files_of, inner};
use crate::fetch;
use crate::fingerprint::components::closed;
use crate::fingerprint::fingerprint;
use crate::limits::MAX_FOLDER_FILES;
use crate::sightings::Sightings;

/// Adds the scripts that scripts import, as far as they are not there, and those that these import. Nothing is read
/// that no script may mean.
pub(super) fn complete(scripts: &mut Scripts) {
    let place = |source: &Source| (source.folder.clone(), source.path.clone());
    let mut known: HashSet<_> = scripts.sources.iter().map(place).collect();
    let own = scripts.sources.len();
    let mut at = 0;
    while let Some(source) = scripts.sources.get(at) {
        at += 1;
        let folder = source.folder.clone();
        for choice in choices(source, &mut scripts.seen) {
            let is_known = |inner: &String| known.contains(&(folder.clone(), inner.as_str().into()));
            if choice.iter().any(is_known) || scripts.sources.len() - own == MAX_FOLDER_FILES {
                continue;
            }
            let Some((inner, text)) = first(&folder, choice, &mut scripts.seen) else { continue };
            let file = Path::new(&*folder).join(&inner).display().to_string();
            let source = Source::new(&file, &file, &text).within(&folder, &inner);
            known.insert(place(&source));
            scripts.sources.push(source.with_budgets(scripts.budgets.clone()));
        }
    }
}

/// Fingerprints of scripts, by their places among the sources: of what each says, with all that it imports.
pub(super) fn fingerprints(sources: &[Source]) -> Vec<u64> {
    let own = |source: &Source| fingerprint((&source.text, &source.config, format!("{:?}", source.budgets)));
    let place =
        |(index, source): (usize, &'_ Source)| ((source.folder.clone(), source.path.clone()), index as u32);
    let places: HashMap<_, _> = sources.iter().enumerate().map(place).collect();
    let of_folder = |folder: &str| -> Vec<u32> {
        let inside = places.iter().filter(|((other, _), _)| **other == *folder);
        let mut indexes: Vec<u32> = inside.map(|(_, index)| *index).collect();
        indexes.sort_unstable();
        indexes
    };
    let imports = |source: &Source| match source.text.contains("import").then(|| imported(&source.text)) {
        None => Vec::new(),
        Some(Imported::Any) => of_folder(&source.folder),
        Some(Imported::Paths(paths)) => {
            let candidates = paths.iter().filter_map(|path| source.places_of(path).ok());
            let found = |places_of: [String; 2]| {
                let mut at = places_of.into_iter().map(|place| (source.folder.clone(), place.into()));
                at.find_map(|place| places.get(&place).copied())
            };
            candidates.filter_map(found).collect()
        }
    };
    let leads: Vec<Vec<u32>> = sources.iter().map(imports).collect();
    let own: Vec<u64> = sources.iter().map(own).collect();
    closed(&own, |index| &leads[index as usize])
}

/// What a script may import: for each import the places in its folder where the script may be, the first one first.
fn choices(source: &Source, seen: &mut Sightings) -> Vec<Vec<String>> {
    if source.path.is_empty() || !source.text.contains("import") {
        return Vec::new();
    }
    match imported(&source.text) {
        Imported::Paths(paths) => {
            let places = paths.iter().filter_map(|path| source.places_of(path).ok());
            let is_script =
                |place: &String| Path::new(place).extension().is_some_and(|ending| ending == ENDING);
            places.map(|places| places.into_iter().filter(is_script).collect()).collect()
        }
        Imported::Any => {
            let folder = PathBuf::from(&*source.folder);
            let listed = if source.folder.is_empty() { Path::new(".") } else { &folder };
            let files = files_of(listed, seen).unwrap_or_default();
            files.iter().map(|file| vec![inner(listed, file)]).collect()
        }
    }
}

/// The first file that is there; those that are missing may come.
fn first(folder: &str, choice: Vec<String>, seen: &mut Sightings) -> Option<(String, String)> {
    choice.into_iter().find_map(|inner| {
        let path = Path::new(folder).join(&inner);
        seen.see(&path);
        Some((inner, fetch::text(&path, MAX_SCRIPT_BYTES as u64).ok()?))
    })
}
