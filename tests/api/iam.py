"""A small evaluator of IAM policies for DynamoDB's requests, after AWS's own description of the rules:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html,
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
The evaluator was not compared with AWS. It raises for what it does not know, and never allows it."""

import functools
import json
import pathlib
import re

POLICIES = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "aws" / "policies"
PLACES = {"region": "eu-central-1", "account": "123456789012", "stage": "test"}
PARTITION_KEYS = {None: "pk", "GSI1": "gsi1pk", "GSI2": "gsi2pk"}  # by index

KEYS_OF_ONE_VALUE = r"aws:(PrincipalTag|RequestTag)/[\w.-]+"
KEYS_OF_SEVERAL_VALUES = r"dynamodb:(LeadingKeys|Attributes)|aws:TagKeys"
OPERATORS = {"StringEquals": (False, False), "StringNotEquals": (False, True),  # (wildcards, negated)
             "StringLike": (True, False), "StringNotLike": (True, True)}


class NoValue(Exception):
    """A variable that has no value in this request."""


def policy(name):
    """A policy of deploy/aws/policies with our placeholders replaced. The variables of IAM stay."""
    text = (POLICIES / f"{name}.json").read_text()
    return json.loads(re.sub(r"\$\{(region|account|stage)\}", lambda match: PLACES[match.group(1)], text))


def table_arn(table, rest=""):
    return f"arn:aws:dynamodb:{PLACES['region']}:{PLACES['account']}:table/{table}{rest}"


def role_arn(role):
    return f"arn:aws:iam::{PLACES['account']}:role/estante-{role}-{PLACES['stage']}"


def as_list(value):
    return value if isinstance(value, list) else [value]


# ---- Patterns --------------------------------------------------------------------------------------------------------------


def value_of(variable, context):
    if variable in ("*", "?", "$"):
        return variable
    if not re.fullmatch(KEYS_OF_ONE_VALUE, variable):
        raise NotImplementedError(f"variable {variable}")
    if variable not in context:
        raise NoValue(variable)
    return context[variable]


@functools.cache
def regex(text, wildcards):
    """IAM's wildcards are * for any characters and ? for one. Case matters."""
    return "".join(".*" if wildcards and c == "*" else "." if wildcards and c == "?" else re.escape(c) for c in text)


def regex_of(pattern, context, wildcards, wild_tags):
    """The regular expression of a pattern. With `wild_tags`, wildcards in the value of a variable are wildcards too."""
    parts = []
    for part in re.split(r"(\$\{[^}]*\})", pattern):
        if part.startswith("${"):
            parts.append(regex(value_of(part[2:-1], context), wildcards and wild_tags and part[2:-1] not in "*?$"))
        else:
            parts.append(regex(part, wildcards))
    return "".join(parts)


def matches(pattern, text, context, wildcards=True):
    """AWS does not document whether * and ? in the value of a variable are wildcards. Where it matters, this raises."""
    readings = {regex_of(pattern, context, wildcards, wild_tags) for wild_tags in (False, True)}
    results = {re.fullmatch(reading, text, re.DOTALL) is not None for reading in readings}
    if len(results) > 1:
        raise NotImplementedError(f"a tag with wildcards in {pattern}")
    return results.pop()


# ---- Statements ------------------------------------------------------------------------------------------------------------


def holds(operator, key, wanted, context):
    has_several = re.fullmatch(KEYS_OF_SEVERAL_VALUES, key) is not None
    if not has_several and not re.fullmatch(KEYS_OF_ONE_VALUE, key):
        raise NotImplementedError(f"condition key {key}")
    wanted = as_list(wanted)
    values = as_list(context[key]) if key in context else []
    if operator == "Null":
        if wanted not in (["true"], ["false"]):
            raise NotImplementedError(f"Null {wanted}")
        return (not values) == (wanted == ["true"])
    quantifier, _, name = operator.rpartition(":")
    if name not in OPERATORS or quantifier not in ("", "ForAllValues", "ForAnyValue"):
        raise NotImplementedError(f"condition operator {operator}")
    if has_several != bool(quantifier):
        raise NotImplementedError(f"{operator} on {key}, which has {'several values' if has_several else 'one value'}")
    wildcards, negated = OPERATORS[name]
    for pattern in wanted:
        regex_of(pattern, context, wildcards, False)  # a variable without a value counts even where nothing is compared
    verdicts = [any([matches(pattern, value, context, wildcards) for pattern in wanted]) != negated for value in values]
    if quantifier == "ForAllValues":
        return all(verdicts)  # true without any value, so a policy needs a Null condition too
    return any(verdicts) if values or quantifier else negated


def applies(statement, action, resource, context, principal):
    """The policy of an identity is evaluated for a resource, the trust policy of a role for a principal."""
    subject = "Resource" if principal is None else "Principal"
    unknown = set(statement) ^ {"Effect", "Action", subject}
    if unknown - {"Sid", "Condition"} or statement["Effect"] not in ("Allow", "Deny"):
        raise NotImplementedError(f"statement with {unknown}, {statement.get('Effect')}")
    try:
        if not any([matches(pattern.lower(), action.lower(), {}) for pattern in as_list(statement["Action"])]):
            return False
        if principal is None and not any([matches(pattern, resource, context) for pattern in as_list(statement["Resource"])]):
            return False
        if principal is not None and not trusts(statement["Principal"], principal):
            return False
        return all([holds(operator, key, wanted, context)
                    for operator, block in statement.get("Condition", {}).items() for key, wanted in block.items()])
    except NoValue as variable:
        if statement["Effect"] == "Deny":
            raise NotImplementedError(f"a Deny with {variable}, which has no value") from None
        return False  # such a statement is invalid


def trusts(trusted, principal):
    roles = as_list(trusted["AWS"]) if isinstance(trusted, dict) and list(trusted) == ["AWS"] else [str(trusted)]
    if any(not re.fullmatch(r"arn:aws:iam::\d+:role/[\w-]+", role) for role in roles):
        raise NotImplementedError(f"principal {trusted}")
    return principal in roles


def allows(document, action, resource, context, principal=None):
    """An explicit deny wins. What no statement allows is denied."""
    if document.get("Version") != "2012-10-17" and "${" in json.dumps(document):
        raise NotImplementedError("variables need version 2012-10-17")
    return {s["Effect"] for s in document["Statement"] if applies(s, action, resource, context, principal)} == {"Allow"}


# ---- What a request to DynamoDB needs --------------------------------------------------------------------------------------


def partitions_of(request):
    """The partition of an item or key, or the one that the key condition of a query selects, if any."""
    if "KeyConditionExpression" not in request:
        return [(request.get("Item") or request["Key"])["pk"]["S"]]
    names = request.get("ExpressionAttributeNames", {})
    return [request["ExpressionAttributeValues"][value]["S"]
            for name, value in re.findall(r"([#\w]+)\s*=\s*(:\w+)", request["KeyConditionExpression"])
            if names.get(name, name) == PARTITION_KEYS[request.get("IndexName")]]


WORDS = set("and or not between in set add remove delete begins_with contains size attribute_exists attribute_not_exists "
            "attribute_type if_not_exists list_append".split())


def attributes_of(request):
    """The attributes in the item, key and expressions of a request. A read without any returns all of them."""
    names = request.get("ExpressionAttributeNames", {})
    text = " ".join(value for name, value in request.items() if name.endswith("Expression"))
    names_found = {name for name in re.findall(r"(?<![:.#\w])(?:#\w+|[A-Za-z_]\w*)", text) if name.lower() not in WORDS}
    return {names.get(name, name) for name in names_found} | set(request.get("Item", {})) | set(request.get("Key", {}))


def needs_of(operation, body):
    """The permissions of a request: (action, resource, condition keys). Each item of a transaction needs an action of its own."""
    def one(action, table, requests=(), rest=""):
        context = {"dynamodb:LeadingKeys": [partition for request in requests for partition in partitions_of(request)],
                   "dynamodb:Attributes": sorted({name for request in requests for name in attributes_of(request)})}
        return (f"dynamodb:{action}", table_arn(table, rest), {key: values for key, values in context.items() if values})

    if operation in ("GetItem", "PutItem", "UpdateItem", "DeleteItem"):
        return [one(operation, body["TableName"], [body])]
    if operation == "Query":
        return [one(operation, body["TableName"], [body], f"/index/{body['IndexName']}" if "IndexName" in body else "")]
    if operation == "BatchGetItem":
        return [one(operation, table, [{**wanted, "Key": key} for key in wanted["Keys"]]) for table, wanted in body["RequestItems"].items()]
    if operation == "BatchWriteItem":
        return [one(operation, table, [request for write in writes for request in write.values()])
                for table, writes in body["RequestItems"].items()]
    if operation == "TransactWriteItems":
        actions = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
        return [one(actions[kind], item["TableName"], [item]) for entry in body["TransactItems"] for kind, item in entry.items()]
    if operation in ("DescribeStream", "GetShardIterator"):
        return [(f"dynamodb:{operation}", "arn:aws:dynamodb:{region}:{account}:".format(**PLACES) + body["StreamArn"].split(":", 5)[5], {})]
    if operation == "GetRecords":  # only the opaque iterator identifies the stream, so we take one of the stage
        return [one(operation, "bookstore-books-" + PLACES["stage"], rest="/stream/any")]
    if operation in ("ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction"):
        return [one(f"PartiQL{kind}", "*") for kind in ("Select", "Insert", "Update", "Delete")]
    return [one(operation, body.get("TableName", "*"))]


def may(document, operation, body, tags):
    """Whether a principal with this policy and these session tags may make the whole request."""
    principal = {f"aws:PrincipalTag/{name}": value for name, value in tags.items()}
    needs = needs_of(operation, body)
    return bool(needs) and all([allows(document, action, resource, {**principal, **context}) for action, resource, context in needs])


def may_assume(document, trust, caller, role, tags):
    """Both the policy of the caller and the trust policy of the role must allow it. Tags also need TagSession from both."""
    context = {**{f"aws:RequestTag/{name}": value for name, value in tags.items()}, **({"aws:TagKeys": list(tags)} if tags else {})}
    return all([allows(document, action, role, context) and allows(trust, action, role, context, caller)
                for action in ("sts:AssumeRole", *(["sts:TagSession"] if tags else []))])
