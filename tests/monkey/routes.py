"""Every GET route of the program's own OpenAPI document, with every value that its parameters may have."""

import datetime
import itertools

from values import STRANGE

# Routes that are not visited, with the reason. A route that is in neither list ends the run.
EXCLUDED = {}
PERIOD = ("from", "to")


def get_routes(document):
    return {path: operations["get"] for path, operations in document["paths"].items() if "get" in operations}


def forms_of(operation):
    """The media types that it answers with, but for streams, which do not end."""
    answered = operation["responses"].get("200", {}).get("content", {})
    return [media_type for media_type in answered if media_type != "text/event-stream"]


def is_day(schema):
    return "day of the calendar" in schema.get("description", "")


class Visits:
    """The requests for one route about one shop: `path`, `query` and `accept` of each."""

    def __init__(self, path, operation, random, today):
        self.path = path
        self.operation = operation
        self.random = random
        self.today = today
        self.parameters = {entry["name"]: entry for entry in operation.get("parameters", []) if entry["in"] == "query"}

    def values_of(self, name, schema, known):
        if "enum" in schema:
            return schema["enum"]
        if schema["type"] == "boolean":
            return ["true", "false"]
        if schema["type"] == "integer":
            return [schema["minimum"], schema["maximum"], self.random.randint(schema["minimum"], schema["maximum"])]
        if schema["type"] == "number":
            return [0, 0.01, 1000000]
        if schema["type"] == "array":
            return [",".join(known["books"][:100])] if known["books"] else []
        if schema.get("format") == "date-time":
            return ["1970-01-01T00:00:00Z", "2026-01-31T09:30:00.123Z", "2199-12-31T23:59:59Z"]
        if name == "since":
            return ["1970-01-01T00:00:00Z", f"{self.today}T00:00:00Z"]
        if name == "language":
            return ["es", "zz"]
        if "maxLength" in schema:
            texts = [text[: schema["maxLength"]] for text in known["texts"] + STRANGE if text.strip()]
            return self.random.sample(texts, min(len(texts), 12)) + ["x" * schema["maxLength"]]
        if name == "cursor":
            return []  # followed where an response has one
        raise AssertionError(f"{self.path}: no values are known for the parameter {name}: {schema}")

    def periods(self):
        """Days without sales, of long ago, today, and as long as it may be. None: those of the default."""
        if not all(name in self.parameters and is_day(self.parameters[name]["schema"]) for name in PERIOD):
            return [{}]
        day = datetime.timedelta(days=1)
        longest = self.today - 3659 * day
        return [{}] + [dict(zip(PERIOD, map(str, ends))) for ends in ((self.today - 9000 * day, self.today - 8990 * day), (self.today, self.today),
                                                                    (longest, self.today), (self.today + 300 * day, self.today + 310 * day))]

    def forms(self, known):
        """As it is asked without parameters, in each form."""
        mandatory = {name: self.values_of(name, entry["schema"], known)[0] for name, entry in self.parameters.items() if entry.get("required")}
        return [(mandatory, accept) for accept in forms_of(self.operation)]

    def all(self, known):
        """Each value of each parameter by itself, in each form, over each period."""
        mandatory = {name: self.values_of(name, entry["schema"], known)[0] for name, entry in self.parameters.items() if entry.get("required")}
        variants = [{}]
        for name, entry in self.parameters.items():
            if name not in PERIOD or not is_day(entry["schema"]):
                variants += [{name: value} for value in self.values_of(name, entry["schema"], known)]
        for period, variant in itertools.product(self.periods(), variants):
            if variant.get("by") == "hour" and period and period["from"] < str(self.today - datetime.timedelta(days=30)) and "-" in period["from"]:
                continue  # at most 31 days by the hour
            yield {**mandatory, **period, **variant}, None
        for period, accept in itertools.product(self.periods(), forms_of(self.operation)):
            yield {**mandatory, **period}, accept

    def path_for(self, known):
        """With ids of the shop, or such as nothing has; whether it must be there."""
        path, there = self.path, True
        for entry in self.operation.get("parameters", []):
            if entry["in"] == "path":
                ids = known[entry["name"]]
                there = there and bool(ids)
                path = path.replace("{" + entry["name"] + "}", self.random.choice(ids) if ids else known["unknown"][entry["name"]])
        return path, there
