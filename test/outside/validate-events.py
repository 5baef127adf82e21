"""Checks lineage events, one JSON object a line on stdin, against OpenLineage's schemas in a folder; prints what is wrong."""
import json
import pathlib
import sys

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

folder = pathlib.Path(sys.argv[1])
schemas = [json.loads(path.read_text()) for path in [folder / "OpenLineage.json", *sorted((folder / "facets").glob("*.json"))]]
known = {schema["$id"]: schema for schema in schemas}
registry = Registry().with_resources((name, Resource.from_contents(schema)) for name, schema in known.items())


def faults(url, value):
    name, _, pointer = url.partition("#")
    if name not in known:
        return [f"there is no schema {url}"]
    validator = Draft202012Validator({"$ref": f"{name}#{pointer}"}, registry=registry, format_checker=FormatChecker())
    return [f"{url}: {error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def facets(value):
    if isinstance(value, dict):
        if "_schemaURL" in value:
            yield value
        for part in value.values():
            yield from facets(part)
    elif isinstance(value, list):
        for part in value:
            yield from facets(part)


checked = 0
for line in sys.stdin:
    event = json.loads(line)
    checked += 1
    for fault in faults(event["schemaURL"], event):
        print(fault)
    for facet in facets(event):
        for fault in faults(facet["_schemaURL"], facet):
            print(fault)
print(f"{checked} events checked")
