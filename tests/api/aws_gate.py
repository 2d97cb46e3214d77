"""A gate before Dynoxide and before moto's STS that does what AWS would: it knows whose the access key of a request is, and lets
pass what the policy of that role allows. moto gives the keys but forgets the session tags, so the gate keeps them."""

import collections
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
TENANT_ROLE = f"arn:aws:iam::{iam.PLACES['account']}:role/estante-tenant-{iam.PLACES['stage']}"


class Gate:
    """Decisions are counted as (role, action, allowed); `denied` has a line for each that was refused."""

    def __init__(self, dynamodb_url, sts_url):
        self.upstreams = {"dynamodb": dynamodb_url.split("//")[1], "sts": sts_url.split("//")[1]}
        self.policies = {role: iam.policy(role) for role in ("tenant", "platform")}
        self.trust = iam.policy("tenant-trust")
        self.sessions = {}
        self.counts = collections.Counter()
        self.denied = []
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.gate = self
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def principal(self, authorization):
        """(role, session tags) of an access key."""
        match = re.search(r"Credential=([^/]+)/", authorization or "")
        key = match and match.group(1)
        if key == PLATFORM_KEY:
            return "platform", {}
        if key in self.sessions:
            return "tenant", {"TenantId": self.sessions[key]}
        return None, {}

    def judge(self, authorization, operation, body):
        role, tags = self.principal(authorization)
        allowed = role is not None and iam.may(self.policies[role], operation, body, tags)
        self.counts[role, operation, allowed] += 1
        if role == "platform" and operation in ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"):
            self.counts.update(("platform writes", resource.rsplit("/", 1)[1], True) for _, resource, _ in iam.needs_of(operation, body))
        if not allowed:
            self.denied.append(f"{role} {tags.get('TenantId', '')}: {operation} {json.dumps(body)[:300]}")
        return allowed

    def may_assume(self, authorization, form):
        role, _ = self.principal(authorization)
        tags = {form[f"Tags.member.{n}.Key"]: form[f"Tags.member.{n}.Value"] for n in range(1, 51) if f"Tags.member.{n}.Key" in form}
        context = {**{f"aws:RequestTag/{key}": value for key, value in tags.items()}, "aws:TagKeys": list(tags)}
        allowed = (role == "platform" and iam.allows(self.policies[role], "sts:AssumeRole", form["RoleArn"], {})
                   and all(iam.allows(self.trust, action, None, context) for action in ("sts:AssumeRole", "sts:TagSession")))
        self.counts[role, "AssumeRole", allowed] += 1
        if not allowed:
            self.denied.append(f"{role}: AssumeRole {form}")
        return allowed and tags["TenantId"]


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """A client that was killed in mid-request is no error of the gate; anything else is shown."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # an answer leaves in one piece

    def setup(self):
        super().setup()
        self.kept = {}

    def finish(self):
        for connection in self.kept.values():
            connection.close()
        super().finish()

    def log_message(self, *_):
        pass

    def do_POST(self):
        gate = self.server.gate
        data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        authorization = self.headers.get("Authorization")
        target = self.headers.get("X-Amz-Target")
        if target:
            operation = target.split(".", 1)[1]
            if not gate.judge(authorization, operation, json.loads(data)):
                return self.refuse("application/x-amz-json-1.0", json.dumps({
                    "__type": "com.amazon.coral.service#AccessDeniedException", "Message": f"not authorized to perform: dynamodb:{operation}"}))
            return self.answer(*self.forward("dynamodb", data))
        form = dict(urllib.parse.parse_qsl(data.decode()))
        tenant = gate.may_assume(authorization, form)
        if not tenant:
            return self.refuse("text/xml", "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>",
                               403)
        status, media_type, body = self.forward("sts", data)
        if match := re.search(rb"<AccessKeyId>([^<]+)</AccessKeyId>", body):
            gate.sessions[match.group(1).decode()] = tenant
        return self.answer(status, media_type, body)

    def forward(self, service, data):
        upstream = self.server.gate.upstreams[service]
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "content-length", "connection")}
        for last in (False, True):  # a kept connection may have ended
            connection = self.kept.setdefault(service, http.client.HTTPConnection(upstream, timeout=60))
            try:
                connection.request("POST", self.path, data, headers)
                answer = connection.getresponse()
                return answer.status, answer.headers.get("Content-Type", "application/x-amz-json-1.0"), answer.read()
            except (http.client.RemoteDisconnected, ConnectionError):
                connection.close()
                del self.kept[service]
                if last:
                    raise

    def refuse(self, media_type, text, status=400):
        self.answer(status, media_type, text.encode())

    def answer(self, status, media_type, body):
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
