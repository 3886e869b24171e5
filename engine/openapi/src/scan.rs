//! One walk over a parsed file, before anything is read from it: which references it
//! makes, so that the files they name can be fetched, and which names it gives (`$id`,
//! `$anchor`; JSON Schema 2020-12 core §8.2).

use std::collections::HashMap;

use mocker_source::{FileId, Node, NodeId};

use crate::location::{join_url, scheme};

/// What all scanned files make known.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// Objects that hold a `$ref` which must be found
    pub(crate) references: Vec<NodeId>,
    /// Embedded resources: what `$id` (or `$self`) names
    pub(crate) resources: Vec<Resource>,
    /// Resource by its URI, as written and absolute
    pub(crate) ids: HashMap<String, usize>,
    /// Resource in which a reference stands, where it is not the file itself
    pub(crate) scopes: HashMap<NodeId, usize>,
    anchors: HashMap<(FileId, Option<usize>), HashMap<Box<str>, NodeId>>,
}

/// Part of a file that has a URI of its own.
#[derive(Debug)]
pub(crate) struct Resource {
    pub(crate) uri: String,
    pub(crate) root: NodeId,
}

impl Index {
    /// The value that carries `$anchor: name`, in a resource or anywhere in the file.
    pub(crate) fn anchor(&self, file: FileId, resource: Option<usize>, name: &str) -> Option<NodeId> {
        self.anchors.get(&(file, resource)).and_then(|names| names.get(name)).copied()
    }

    fn add_anchor(&mut self, resource: Option<usize>, name: &str, node: Node<'_>) {
        let id = node.id();
        for scope in [None, resource] {
            self.anchors.entry((id.file, scope)).or_default().entry(name.into()).or_insert(id);
        }
    }

    fn add_resource(&mut self, enclosing: &str, written: &str, node: Node<'_>) -> usize {
        let written = written.trim_end_matches('#');
        let uri = join_url(enclosing, written).unwrap_or_else(|_| written.to_owned());
        let resource = self.resources.len();
        self.ids.entry(written.to_owned()).or_insert(resource);
        self.ids.entry(uri.clone()).or_insert(resource);
        self.resources.push(Resource { uri, root: node.id() });
        resource
    }
}

/// What the members of an object are.
#[derive(Clone, Copy, PartialEq)]
enum Members {
    /// Fields and keywords of the specification
    Fields,
    /// Names that the author chose
    Names,
    /// The author's data: whatever looks like a reference in there is none
    Data,
}

#[derive(Clone, Copy)]
struct Visit<'t> {
    node: Node<'t>,
    members: Members,
    /// Inside `x-…`: references are followed but need not be found
    extension: bool,
    resource: Option<usize>,
}

/// What a file names, as written.
#[derive(Default)]
pub(crate) struct Named {
    /// Files that references lead to
    pub(crate) files: Vec<String>,
    /// Files whose content is an example (`externalValue`, `x-mocker-body-file`)
    pub(crate) contents: Vec<String>,
}

/// Walks the file; returns what it names.
pub(crate) fn scan(root: Node<'_>, file_uri: &str, swagger2: bool, index: &mut Index) -> Named {
    let mut named = Named::default();
    let mut stack = vec![Visit { node: root, members: Members::Fields, extension: false, resource: None }];
    while let Some(mut visit) = stack.pop() {
        if visit.members == Members::Data {
            named.files.extend(data_reference(visit.node).map(str::to_owned));
            continue;
        }
        if visit.members == Members::Fields && !swagger2 {
            name_schema(&mut visit, root, file_uri, index);
        }
        note_references(visit, index, &mut named);
        for item in visit.node.items().filter(|item| !item.is_empty()) {
            stack.push(Visit { node: item, members: Members::Fields, ..visit });
        }
        for (key, child) in visit.node.entries().filter(|(_, child)| !child.is_empty()) {
            let members = match visit.members {
                Members::Names => Members::Fields,
                _ => members_of(key, child, swagger2),
            };
            let extension = visit.extension || (visit.members == Members::Fields && key.starts_with("x-"));
            stack.push(Visit { node: child, members, extension, ..visit });
        }
    }
    named
}

/// What a field's value is a map of.
fn members_of(key: &str, value: Node<'_>, swagger2: bool) -> Members {
    match key {
        "example" | "default" | "enum" | "const" | "value" | "dataValue" | "x-example" | "x-examples" => {
            Members::Data
        }
        "examples" if swagger2 || value.at(0).is_some() => Members::Data,
        "properties"
        | "patternProperties"
        | "definitions"
        | "$defs"
        | "dependentSchemas"
        | "dependencies"
        | "schemas"
        | "parameters"
        | "responses"
        | "headers"
        | "examples"
        | "requestBodies"
        | "links"
        | "callbacks"
        | "pathItems"
        | "mediaTypes"
        | "securitySchemes"
        | "securityDefinitions"
        | "encoding"
        | "additionalOperations" => Members::Names,
        _ => Members::Fields,
    }
}

fn name_schema<'t>(visit: &mut Visit<'t>, root: Node<'t>, file_uri: &str, index: &mut Index) {
    let mut anchors: [Option<&str>; 2] = [None, None];
    for (key, value) in visit.node.entries() {
        match key {
            "$id" => {
                let Some(id) = value.as_str() else { continue };
                let enclosing =
                    visit.resource.map_or(file_uri.to_owned(), |at| index.resources[at].uri.clone());
                visit.resource = Some(index.add_resource(&enclosing, id, visit.node));
            }
            "$self" if visit.node.id() == root.id() => {
                let Some(id) = value.as_str() else { continue };
                visit.resource = Some(index.add_resource(file_uri, id, visit.node));
            }
            "$anchor" => anchors[0] = value.as_str(),
            "$dynamicAnchor" => anchors[1] = value.as_str(),
            _ => {}
        }
    }
    for name in anchors.into_iter().flatten() {
        index.add_anchor(visit.resource, name, visit.node);
    }
}

fn note_references(visit: Visit<'_>, index: &mut Index, named: &mut Named) {
    for (key, value) in visit.node.entries() {
        let Some(reference) = value.as_str() else {
            if key == "mapping" {
                note_mapping(value, &mut named.files);
            }
            continue;
        };
        if matches!(key, "externalValue" | "x-mocker-body-file") && visit.members == Members::Fields {
            named.contents.push(reference.to_owned());
        }
        if key != "$ref" && key != "$dynamicRef" {
            continue;
        }
        if key == "$ref" && !visit.extension {
            index.references.push(visit.node.id());
        }
        if let Some(resource) = visit.resource {
            index.scopes.insert(visit.node.id(), resource);
            index.scopes.insert(value.id(), resource);
        }
        named.files.extend(file_part(reference).map(str::to_owned));
    }
}

/// `discriminator.mapping`: values are names of schemas or references.
fn note_mapping(mapping: Node<'_>, urls: &mut Vec<String>) {
    let values = mapping.entries().filter_map(|(_, value)| value.as_str());
    let is_file = |value: &&str| value.contains('/') || value.ends_with(".yaml") || value.ends_with(".yml");
    urls.extend(values.filter(is_file).filter_map(file_part).map(str::to_owned));
}

/// `example: { $ref: ./file }`: not allowed, common, and meant. Addresses of the network are not
/// fetched for it.
fn data_reference(node: Node<'_>) -> Option<&str> {
    let reference = node.get("$ref")?.as_str()?;
    file_part(reference).filter(|url| scheme(url).is_none())
}

fn file_part(reference: &str) -> Option<&str> {
    let url = reference.split('#').next()?;
    (!url.is_empty()).then_some(url)
}
