#!/usr/bin/env python3
"""Writes a description of the size and shape of Microsoft Graph's: 16,000 operations by default, 2,000 entity types that
inherit from each other, navigation properties that lead from every type to every other, collections, functions.

The same arguments give the same bytes. YAML, or JSON where the file's name ends so."""

import argparse
import json
import random
import re
from pathlib import Path

NOUNS = """user group device message event calendar contact drive item list site page team channel chat folder mailbox
rule policy role assignment schedule shift tag plan bucket task notebook section license domain certificate application
service principal permission grant report audit alert incident case review package catalog resource template workflow
identity provider session connection index query label term store set file version thumbnail attachment photo""".split()
KINDS = "settings summary request instance definition history reference configuration state collection".split()
SCALARS = [
    {"type": "string", "nullable": True},
    {"type": "string", "format": "date-time", "nullable": True, "pattern": r"^[0-9]{4,}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,12})?(Z|[+-][0-9][0-9]:[0-9][0-9])$"},
    {"type": "boolean", "nullable": True},
    {"type": "number", "format": "int32", "minimum": -2147483648, "maximum": 2147483647},
    {"type": "string", "format": "uuid", "pattern": "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"},
    {"type": "array", "items": {"type": "string", "nullable": True}},
    {"anyOf": [{"type": "number", "format": "double", "nullable": True}, {"type": "string", "nullable": True}, {"$ref": "#/components/schemas/ReferenceNumeric"}]},
]
PREFIX = "microsoft.graph."


def ref(name, folder="schemas"):
    return {"$ref": f"#/components/{folder}/{name}"}


class Graph:
    """Entity types with what they inherit from and lead to."""

    def __init__(self, types, seed):
        self.chance = random.Random(seed)
        self.types = ["entity"]
        for number in range(1, types):
            noun, kind = NOUNS[number % len(NOUNS)], KINDS[number // len(NOUNS) % len(KINDS)]
            name = noun + kind.capitalize() if number >= len(NOUNS) else noun
            self.types.append(name if name not in self.types else f"{name}{number}")
        # A few levels: early types have many heirs, as `directoryObject` and `identitySet` have.
        self.parent = {name: self.types[self.chance.randrange(max(1, index // 8))] for index, name in enumerate(self.types) if index}
        self.navigation = {name: [] for name in self.types}
        for name in self.types[1:]:
            for _ in range(self.chance.randint(1, 6)):
                self.navigation[name].append((self.chance.choice(self.types[1:]), self.chance.random() < 0.7))

    def heirs(self, name):
        return [heir for heir, parent in self.parent.items() if parent == name]

    def schema(self, name):
        properties = {}
        if name == "entity":
            properties["id"] = {"type": "string", "description": "The unique identifier for an entity. Read-only.", "readOnly": True}
        for _ in range(self.chance.randint(3, 12)):
            noun, scalar = self.chance.choice(NOUNS), self.chance.choice(SCALARS)
            properties[f"{noun}{self.chance.choice(KINDS).capitalize()}"] = scalar | {"description": f"The {noun} of the {name}. Supports $filter (eq, ne, not, ge, le, in)."}
        properties[f"{name}Status"] = {"anyOf": [ref(PREFIX + "status"), {"type": "object", "nullable": True}]}
        for target, is_many in self.navigation[name]:
            one = ref(PREFIX + target)
            many = {"type": "array", "items": one, "description": f"The {target}s that belong to the {name}. Nullable.", "x-ms-navigationProperty": True}
            single = {"anyOf": [one, {"type": "object", "nullable": True}], "description": f"The {target} of the {name}.", "x-ms-navigationProperty": True}
            properties[target + ("s" if is_many else "")] = many if is_many else single
        properties["@odata.type"] = {"type": "string"} if name == "entity" else {"type": "string", "default": f"#{PREFIX}{name}"}
        own = {"title": name, "required": ["@odata.type"], "type": "object", "properties": properties}
        heirs = self.heirs(name)
        if heirs:
            mapping = {f"#{PREFIX}{heir}": f"#/components/schemas/{PREFIX}{heir}" for heir in heirs}
            own["discriminator"] = {"propertyName": "@odata.type", "mapping": mapping}
        return own if name == "entity" else {"allOf": [ref(PREFIX + self.parent[name]), own]}

    def components(self):
        schemas = {
            "ReferenceNumeric": {"enum": ["-INF", "INF", "NaN"], "type": "string", "nullable": True},
            "BaseCollectionPaginationCountResponse": {"title": "Base collection pagination and count responses", "type": "object", "properties": {"@odata.count": {"type": "integer", "format": "int64", "nullable": True}, "@odata.nextLink": {"type": "string", "nullable": True}}},
            PREFIX + "status": {"title": "status", "enum": ["active", "updating", "deleted", "unknownFutureValue"], "type": "string"},
            PREFIX + "ODataErrors.ODataError": {"required": ["error"], "type": "object", "properties": {"error": {"required": ["code", "message"], "type": "object", "properties": {"code": {"type": "string"}, "message": {"type": "string"}, "target": {"type": "string", "nullable": True}}}}},
        }
        responses = {"error": {"description": "error", "content": {"application/json": {"schema": ref(PREFIX + "ODataErrors.ODataError")}}}}
        for name in self.types:
            schemas[PREFIX + name] = self.schema(name)
            collection = PREFIX + name + "CollectionResponse"
            schemas[collection] = {"title": f"Collection of {name}", "allOf": [ref("BaseCollectionPaginationCountResponse"), {"type": "object", "properties": {"value": {"type": "array", "items": ref(PREFIX + name)}}}]}
            responses[collection] = {"description": "Retrieved collection", "content": {"application/json": {"schema": ref(collection)}}}
        parameters = {
            "top": {"name": "$top", "in": "query", "schema": {"minimum": 0, "type": "integer"}, "example": 50},
            "skip": {"name": "$skip", "in": "query", "schema": {"minimum": 0, "type": "integer"}},
            "search": {"name": "$search", "in": "query", "schema": {"type": "string"}},
            "filter": {"name": "$filter", "in": "query", "schema": {"type": "string"}},
            "count": {"name": "$count", "in": "query", "schema": {"type": "boolean"}},
        }
        return {"schemas": schemas, "responses": responses, "parameters": parameters}


class Paths:
    """Paths along the navigation of types, breadth first, until there are operations enough."""

    def __init__(self, graph, operations):
        self.graph, self.left, self.paths = graph, operations, {}
        roots = [(f"/{name}s", name, True, [], name) for name in graph.types[1:61]]
        queue = roots
        while queue and self.left > 0:
            following = []
            for path, name, is_many, variables, label in queue:
                following += self.collection(path, name, variables, label) if is_many else self.entity(path, name, variables, label)
            queue = following

    def add(self, path, variables, methods):
        kept = dict(list(methods.items())[: self.left])
        self.left -= len(kept)
        if kept:
            described = [{"name": name, "in": "path", "description": "The unique identifier", "required": True, "schema": {"type": "string"}} for name in variables]
            self.paths[path] = {"description": f"Provides operations to manage {path.split('/')[1]}."} | kept | ({"parameters": described} if described else {})

    def collection(self, path, name, variables, label):
        query = [ref(each, "parameters") for each in ("top", "skip", "search", "filter", "count")]
        chosen = [{"name": f"${each}", "in": "query", "style": "form", "explode": False, "schema": {"uniqueItems": True, "type": "array", "items": {"enum": ["id", f"{name}Status", "@odata.type"], "type": "string"}}} for each in ("orderby", "select", "expand")]
        self.add(path, variables, {
            "get": operation(label, "List", name, {"2XX": ref(PREFIX + name + "CollectionResponse", "responses")}, query + chosen),
            "post": operation(label, "Create", name, {"2XX": answer(PREFIX + name)}, body=PREFIX + name),
        })
        variable = f"{name}-id{len(variables) or ''}"
        return self.entity(f"{path}/{{{variable}}}", name, [*variables, variable], label)

    def entity(self, path, name, variables, label):
        methods = {
            "get": operation(label, "Get", name, {"2XX": answer(PREFIX + name)}),
            "patch": operation(label, "Update", name, {"2XX": answer(PREFIX + name)}, body=PREFIX + name),
            "delete": operation(label, "Delete", name, {"204": {"description": "Success"}}),
        }
        self.add(path, variables, methods)
        if len(variables) > 4:
            return []
        targets = dict(self.graph.navigation[name])
        return [(f"{path}/{target}{'s' if is_many else ''}", target, is_many, variables, f"{label}.{target}") for target, is_many in targets.items()]


def answer(schema):
    return {"description": "Entity result.", "content": {"application/json": {"schema": ref(schema)}}}


def operation(label, verb, name, success, parameters=(), body=None):
    out = {"tags": [label.split(".")[0]], "summary": f"{verb} {name}", "operationId": f"{label}.{verb}{name.capitalize()}"}
    if parameters:
        out["parameters"] = list(parameters)
    if body:
        out["requestBody"] = {"description": "New navigation property", "content": {"application/json": {"schema": ref(body)}}, "required": True}
    return out | {"responses": success | {"4XX": ref("error", "responses"), "5XX": ref("error", "responses")}, "x-ms-docs-operation-type": "operation"}


PLAIN = re.compile(r"[A-Za-z$][A-Za-z0-9 _./$-]*[A-Za-z0-9]")
WORDS = {"true", "false", "null", "yes", "no", "on", "off"}


def scalar(value):
    if isinstance(value, str) and PLAIN.fullmatch(value) and value.lower() not in WORDS:
        return value
    return json.dumps(value)


def write_yaml(value, out, indent=0):
    """Block style, as Graph's own is."""
    pad = "  " * indent
    if isinstance(value, dict):
        for key, member in value.items():
            if isinstance(member, (dict, list)) and member:
                out.append(f"{pad}{scalar(key)}:\n")
                write_yaml(member, out, indent + 1)
            else:
                out.append(f"{pad}{scalar(key)}: {scalar(member)}\n")
        return
    for item in value:
        if isinstance(item, dict):
            inner = []
            write_yaml(item, inner, indent + 1)
            text = "".join(inner)
            out.append(f"{pad}- {text[len(pad) + 2:]}")
        else:
            out.append(f"{pad}- {scalar(item)}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="the file to write")
    parser.add_argument("--operations", type=int, default=16_000)
    parser.add_argument("--types", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    graph = Graph(options.types, options.seed)
    paths = Paths(graph, options.operations)
    if paths.left:
        raise SystemExit(f"{options.types} types give {options.operations - paths.left} operations and no more")
    document = {
        "openapi": "3.0.4",
        "info": {"title": "A graph", "version": "v1.0"},
        "servers": [{"url": "https://graph.example.com/v1.0"}],
        "paths": paths.paths,
        "components": graph.components(),
    }
    if options.out.suffix == ".json":
        options.out.write_text(json.dumps(document, indent=1))
    else:
        lines = []
        write_yaml(document, lines)
        options.out.write_text("".join(lines))
    print(f"{options.out}: {options.operations} operations, {len(paths.paths)} paths, {len(document['components']['schemas'])} schemas, {options.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
