"""A proxy in front of Dynoxide and moto's STS that authorizes requests as AWS does: it maps the access key of a request to a role
and forwards what the policy of that role allows. moto issues keys but does not store the session tags, so the gate stores them.
Signatures are not checked."""

import collections
import html
import http.client
import http.server
import json
import re
import socketserver
import sys
import threading
import urllib.parse

import iam
from dynamodb_tables import KEYS

PLATFORM_KEY = KEYS["AWS_ACCESS_KEY_ID"]  # of the server itself
ROLES = {PLATFORM_KEY: "platform", "COPYING": "copying", "TABLES": "tables", "BOOKS": "books-processor",
         "PURCHASES": "purchases-processor"}  # by access key
TENANT_ROLE = iam.role_arn("tenant")

Principal = collections.namedtuple("Principal", "role tags token")


class Gate:
    """`counts` is by (role, action, allowed), `denied` has a line for each refused request, and `touched` has (role, action, table or
    index, partition) for what the keys of the server and of the processors were allowed to access."""

    def __init__(self, dynamodb_url, sts_url):
        self.upstreams = {"dynamodb": dynamodb_url.split("//")[1], "sts": sts_url.split("//")[1]}
        self.policies = {role: iam.policy(role) for role in ("tenant", *ROLES.values())}
        self.trust = iam.policy("tenant-trust")
        self.principals = {key: Principal(role, {}, None) for key, role in ROLES.items()}
        self.counts = collections.Counter()
        self.denied = []
        self.touched = set()
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.gate = self
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def principal(self, headers):
        """The principal of the access key; None when it is unknown or does not come with exactly the token of its session."""
        match = re.search(r"Credential=([^/]+)/", headers.get("Authorization", ""))
        found = self.principals.get(match and match.group(1))
        return found if found and headers.get("X-Amz-Security-Token") == found.token else None

    def judge(self, principal, operation, body):
        try:
            allowed = iam.may(self.policies[principal.role], operation, body, principal.tags)
        except (NotImplementedError, KeyError) as reason:  # what cannot be judged is refused and reported
            return self.decide(principal, operation, False, f"cannot be judged: {reason!r}, {json.dumps(body)[:300]}")
        if allowed and principal.role in ("platform", "books-processor", "purchases-processor"):
            for action, resource, context in iam.needs_of(operation, body):
                what = (principal.role, action.split(":")[1], resource.split(":table/")[1])
                self.touched |= {(*what, partition) for partition in context.get("dynamodb:LeadingKeys", [None])}
        return self.decide(principal, operation, allowed, json.dumps(body)[:300])

    def may_assume(self, principal, form):
        try:
            allowed = form.get("RoleArn") == TENANT_ROLE and iam.may_assume(
                self.policies[principal.role], self.trust, iam.role_arn(principal.role), TENANT_ROLE, tags_of(form))
        except NotImplementedError as reason:
            return self.decide(principal, "AssumeRole", False, f"cannot be judged: {reason!r}, {form}")
        return self.decide(principal, "AssumeRole", allowed, str(form))

    def decide(self, principal, operation, allowed, asked):
        self.counts[principal.role, operation, allowed] += 1
        if not allowed:
            self.denied.append(" ".join([principal.role, *principal.tags.values()]) + f": {operation} {asked}")
        return allowed


def tags_of(form):
    return {form[f"Tags.member.{n}.Key"]: form[f"Tags.member.{n}.Value"] for n in range(1, 51) if f"Tags.member.{n}.Key" in form}


def is_the_platforms_business(action, table, partition):
    """The platform's own key reads the list of shops and its checkpoint in the change streams. It writes that checkpoint, new shops,
    invitations, the response stored for an operator's Idempotency-Key, and the dead letters of its processors."""
    if action in ("DescribeTable", "DescribeStream", "GetShardIterator", "GetRecords"):
        return True
    if (action, table) == ("Query", "bookstore-users-test/index/GSI1"):
        return partition == "operator#TENANTS"
    if table == "bookstore-users-test" and (partition or "").startswith("operator#DEADLETTER#"):
        return action in ("Query", "PutItem", "DeleteItem")
    if table != "bookstore-users-test" or action not in ("GetItem", "PutItem"):
        return False
    opens_a_shop = partition.split("#")[1] in ("TENANT", "INVITE") or partition.startswith("operator#IDEMPOTENCY#")
    return partition == "operator#STREAM" or (action == "PutItem" and opens_a_shop)


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """A client that was killed during a request is no error of the gate. Anything else is printed."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # a response is sent in one write

    def setup(self):
        super().setup()
        self.connections = {}

    def finish(self):
        for connection in self.connections.values():
            connection.close()
        super().finish()

    def log_message(self, *_):
        pass

    def do_POST(self):
        gate = self.server.gate
        data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        principal = gate.principal(self.headers)
        operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        if operation:
            if principal is None:
                gate.denied.append(f"nobody: {operation}")
                return self.refuse("UnrecognizedClientException", "The security token included in the request is invalid.")
            if not gate.judge(principal, operation, json.loads(data)):
                return self.refuse("AccessDeniedException", f"not authorized to perform: dynamodb:{operation}")
            return self.response(*self.forward("dynamodb", data))
        form = dict(urllib.parse.parse_qsl(data.decode()))
        if principal is None or form.get("Action") != "AssumeRole" or not gate.may_assume(principal, form):
            return self.response(403, "text/xml", b"<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message>"
                                                b"</Error></ErrorResponse>")
        status, media_type, body = self.forward("sts", data)
        key, token = (re.search(f"<{name}>([^<]+)</{name}>", body.decode()) for name in ("AccessKeyId", "SessionToken"))
        if key and token:
            gate.principals[key.group(1)] = Principal("tenant", tags_of(form), html.unescape(token.group(1)))
        return self.response(status, media_type, body)

    def forward(self, service, data):
        upstream = self.server.gate.upstreams[service]
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "content-length", "connection")}
        for last in (False, True):  # a reused connection may be stale
            connection = self.connections.setdefault(service, http.client.HTTPConnection(upstream, timeout=60))
            try:
                connection.request("POST", self.path, data, headers)
                response = connection.getresponse()
                return response.status, response.headers.get("Content-Type", "application/x-amz-json-1.0"), response.read()
            except (http.client.RemoteDisconnected, ConnectionError):
                connection.close()
                del self.connections[service]
                if last:
                    raise

    def refuse(self, kind, message):
        body = json.dumps({"__type": f"com.amazon.coral.service#{kind}", "Message": message})
        self.response(400, "application/x-amz-json-1.0", body.encode())

    def response(self, status, media_type, body):
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
