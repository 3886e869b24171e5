//! Documents of a few words.

use std::fmt::Write;

/// `GET /pets/{id}`, the parameters of its query, the schema of its answer.
pub(crate) type Operation<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str);

/// A document of operations, each with the parameters of its query and the schema of its answer - none, for
/// one without a body - and of schemas by name.
pub(crate) fn document(operations: &[Operation<'_>], schemas: &[(&str, &str)]) -> String {
    let mut text = "openapi: 3.1.0\ninfo: { title: T, version: '1' }\npaths:\n".to_owned();
    let mut paths: Vec<&str> = Vec::new();
    for (operation, ..) in operations {
        let (_, path) = operation.split_once(' ').unwrap();
        if paths.contains(&path) {
            continue;
        }
        paths.push(path);
        let _ = writeln!(text, "  {path}:");
        let of_path = operations.iter().filter_map(|(operation, query, schema)| {
            operation
                .strip_suffix(path)
                .filter(|method| !method.contains('/'))
                .map(|method| (method, query, schema))
        });
        for (method, query, schema) in of_path {
            let variables = path.split('{').skip(1).map(|rest| rest.split_once('}').unwrap().0);
            let in_path =
                variables.map(|name| format!("{{ name: {name}, in: path, required: true, schema: {{}} }}"));
            let in_query = query
                .iter()
                .map(|(name, schema)| format!("{{ name: '{name}', in: query, schema: {schema} }}"));
            let parameters: Vec<String> = in_path.chain(in_query).collect();
            let answer = match *schema {
                "" => "'204': { description: none }".to_owned(),
                schema => format!(
                    "'200': {{ description: ok, content: {{ application/json: {{ schema: {schema} }} }} }}"
                ),
            };
            let _ = writeln!(
                text,
                "    {}: {{ parameters: [{}], responses: {{ {answer} }} }}",
                method.trim().to_lowercase(),
                parameters.join(", ")
            );
        }
    }
    text.push_str("components:\n  schemas:\n");
    for (name, schema) in schemas {
        let _ = writeln!(text, "    {name}: {schema}");
    }
    text
}

/// Of one schema.
pub(crate) fn one(name: &str) -> String {
    format!("{{ $ref: '#/components/schemas/{name}' }}")
}

/// A list of one schema.
pub(crate) fn many(name: &str) -> String {
    format!("{{ type: array, items: {} }}", one(name))
}

/// An object that has all of these.
pub(crate) fn object(properties: &[(&str, &str)]) -> String {
    let names: Vec<&str> = properties.iter().map(|(name, _)| *name).collect();
    let members: Vec<String> = properties.iter().map(|(name, schema)| format!("{name}: {schema}")).collect();
    format!("{{ type: object, required: [{}], properties: {{ {} }} }}", names.join(", "), members.join(", "))
}

/// The list and the read of `/pets`, with these parameters and around the list what `envelope` has beside `data`.
pub(crate) fn pets(query: &[(&str, &str)], envelope: &[(&str, &str)], pet: &[(&str, &str)]) -> String {
    let list = many("Pet");
    let members: Vec<String> = envelope.iter().map(|(name, schema)| format!("{name}: {schema}")).collect();
    let whole = match envelope {
        [] => list,
        _ => format!(
            "{{ type: object, required: [data], properties: {{ data: {list}, {} }} }}",
            members.join(", ")
        ),
    };
    document(&[("GET /pets", query, &whole), ("GET /pets/{id}", &[], &one("Pet"))], &[("Pet", &object(pet))])
}
