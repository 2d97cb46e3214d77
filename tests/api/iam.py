"""A small evaluator of IAM policies for DynamoDB's requests, after AWS's own description of the rules:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html,
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
AWS itself has not judged anything here. What the evaluator does not know it refuses to judge: it raises, and never allows."""

import json
import pathlib
import re

POLICIES = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "aws" / "policies"
PLACES = {"region": "eu-central-1", "account": "123456789012", "stage": "test"}
PARTITION_KEYS = ("pk", "gsi1pk", "gsi2pk")


def policy(name):
    """A policy of ours with its placeholders filled in; the variables of IAM, which have a colon, stay."""
    text = (POLICIES / f"{name}.json").read_text()
    return json.loads(re.sub(r"\$\{(region|account|stage)\}", lambda match: PLACES[match.group(1)], text))


def as_list(value):
    return value if isinstance(value, list) else [value]


def like(pattern, text):
    """IAM's wildcards: * any run, ? any one character; case counts."""
    parts = [".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern]
    return re.fullmatch("".join(parts), text, re.DOTALL) is not None


def with_variables(pattern, context):
    """The pattern with ${…} put in, or None when a variable has no value: then nothing matches it."""
    names = re.findall(r"\$\{([^}]+)\}", pattern)
    if any(name not in context for name in names):
        return None
    return re.sub(r"\$\{([^}]+)\}", lambda match: context[match.group(1)], pattern)


def holds(operator, key, wanted, context):
    present = context.get(key)
    values = [] if present is None else as_list(present)
    if operator == "Null":
        return (not values) == (as_list(wanted)[0] == "true")
    quantifier, _, name = operator.rpartition(":")
    compare = {"StringLike": like, "StringEquals": lambda pattern, text: pattern == text}.get(name)
    if compare is None or quantifier not in ("", "ForAllValues", "ForAnyValue"):
        raise NotImplementedError(f"condition operator {operator}")
    patterns = [pattern for pattern in (with_variables(p, context) for p in as_list(wanted)) if pattern is not None]
    matches = [any(compare(pattern, value) for pattern in patterns) for value in values]
    if quantifier == "ForAllValues":
        return all(matches)  # true without any value: so a policy needs Null beside it
    return any(matches)


def applies(statement, action, resource, context):
    unknown = set(statement) - {"Sid", "Effect", "Action", "Resource", "Condition", "Principal"}
    if unknown:
        raise NotImplementedError(f"statement with {unknown}")
    if not any(like(pattern.lower(), action.lower()) for pattern in as_list(statement["Action"])):
        return False
    if resource is not None and not any(like(pattern, resource) for pattern in as_list(statement["Resource"])):
        return False
    return all(holds(operator, key, wanted, context)
               for operator, block in statement.get("Condition", {}).items() for key, wanted in block.items())


def allows(document, action, resource, context):
    """An explicit deny wins; what no statement allows is denied."""
    effects = [s["Effect"] for s in document["Statement"] if applies(s, action, resource, context)]
    return "Allow" in effects and "Deny" not in effects


def table_arn(table, rest=""):
    return f"arn:aws:dynamodb:{PLACES['region']}:{PLACES['account']}:table/{table}{rest}"


def partition_of_query(body):
    """The value that the key condition demands of the partition key; None when it demands none."""
    names = body.get("ExpressionAttributeNames", {})
    for name, value in re.findall(r"([#\w]+)\s*=\s*(:\w+)", body["KeyConditionExpression"]):
        if names.get(name, name) in PARTITION_KEYS:
            return body["ExpressionAttributeValues"][value]["S"]
    return None


def needs_of(operation, body):
    """What a request needs: (action, resource, leading keys or None). Each item of a transaction needs its own action."""
    def one(action, table, keys, rest=""):
        return (f"dynamodb:{action}", table_arn(table, rest), keys)

    if operation in ("GetItem", "UpdateItem", "DeleteItem"):
        return [one(operation, body["TableName"], [body["Key"]["pk"]["S"]])]
    if operation == "PutItem":
        return [one(operation, body["TableName"], [body["Item"]["pk"]["S"]])]
    if operation == "Query":
        partition = partition_of_query(body)
        return [one(operation, body["TableName"], None if partition is None else [partition],
                    f"/index/{body['IndexName']}" if "IndexName" in body else "")]
    if operation == "BatchGetItem":
        return [one(operation, table, [key["pk"]["S"] for key in wanted["Keys"]]) for table, wanted in body["RequestItems"].items()]
    if operation == "BatchWriteItem":
        return [one(operation, table, [(w.get("PutRequest", {}).get("Item") or w["DeleteRequest"]["Key"])["pk"]["S"] for w in writes])
                for table, writes in body["RequestItems"].items()]
    if operation == "TransactWriteItems":
        actions = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
        return [one(actions[kind], item["TableName"], [(item.get("Item") or item["Key"])["pk"]["S"]])
                for entry in body["TransactItems"] for kind, item in entry.items()]
    if operation in ("DescribeStream", "GetShardIterator"):
        return [(f"dynamodb:{operation}", "arn:aws:dynamodb:{region}:{account}:".format(**PLACES) + body["StreamArn"].split(":", 5)[5], None)]
    if operation == "GetRecords":  # the iterator alone says of which stream; AWS knows, we take any of the stage
        return [one(operation, "bookstore-books-" + PLACES["stage"], None, "/stream/any")]
    if operation in ("ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction"):
        return [(f"dynamodb:PartiQL{kind}", table_arn("*"), None) for kind in ("Select", "Insert", "Update", "Delete")]
    return [one(operation, body.get("TableName", "*"), None)]


def may(document, operation, body, tags):
    """Whether a principal with this policy and these session tags may make this request: all of it, or nothing."""
    context = {f"aws:PrincipalTag/{name}": value for name, value in tags.items()}
    for action, resource, keys in needs_of(operation, body):
        if not allows(document, action, resource, context if keys is None else {**context, "dynamodb:LeadingKeys": keys}):
            return False
    return True
