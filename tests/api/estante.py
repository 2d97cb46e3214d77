"""A server under test, and a client that validates each response against the OpenAPI document of the server."""

import json
import os
import re
import signal
import subprocess
import threading
import time
import uuid

import jsonschema
import requests

import dynamodb

PASSWORD = "estante-demo-1"


class Server:
    """The program on a data folder and a free port."""

    def __init__(self, binary, folder, command="serve", *arguments, preexec_fn=None):
        self.arguments = [binary, command, "--data", str(folder), "--listen", "127.0.0.1:0", "--admin-listen", "off",
                          *map(str, arguments)]
        self.folder = folder
        self.environment = dynamodb.environment(folder) if command == "serve" else {}
        self.preexec_fn = preexec_fn
        self.process = None
        self.url = None
        self.lines = []
        self.document = None

    def start(self, timeout_s=30):
        self.process = subprocess.Popen(self.arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                        preexec_fn=self.preexec_fn, env={**os.environ, **self.environment})
        ready = threading.Event()

        def read():
            for line in self.process.stdout:
                self.lines.append(line.rstrip("\n"))
                if match := re.match(r"listening on (\S+)", line):
                    self.url = match.group(1)
                    ready.set()
            ready.set()

        self.reader = threading.Thread(target=read, daemon=True)
        self.reader.start()
        assert ready.wait(timeout_s) and self.url, f"the server did not start: {self.lines}"
        return self

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=30)
        self.reader.join(timeout=10)
        return code

    def kill(self):
        self.process.kill()
        self.process.wait(timeout=30)
        self.reader.join(timeout=10)

    def openapi(self):
        if self.document is None:
            self.document = requests.get(f"{self.url}/openapi.json", timeout=10).json()
        return self.document


class Client:
    """A client of one shop: anonymous, a guest, or a user who logged in."""

    def __init__(self, server, tenant=None):
        self.server = server
        self.tenant = tenant
        self.token = None
        self.refresh_token = None
        self.cart_token = None
        self.session = requests.Session()

    def request(self, method, path, body=None, headers=None, data=None, check=True, **options):
        sent = {}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        elif self.tenant:
            sent["X-Tenant-Id"] = self.tenant
        if self.cart_token:
            sent["X-Cart-Token"] = self.cart_token
        sent.update(headers or {})
        sent = {name: value for name, value in sent.items() if value is not None}
        if body is not None:
            data = json.dumps(body).encode()
        if data is not None:
            sent.setdefault("Content-Type", "application/json")
        response = self.session.request(method, self.server.url + path, data=data, headers=sent, timeout=30, **options)
        if check:
            check_answer(self.server.openapi(), method, path, response)
        return response

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def post(self, path, body=None, **options):
        return self.request("POST", path, {} if body is None and "data" not in options else body, **options)

    def put(self, path, body=None, **options):
        return self.request("PUT", path, body, **options)

    def patch(self, path, body=None, **options):
        return self.request("PATCH", path, body, **options)

    def delete(self, path, **options):
        return self.request("DELETE", path, **options)

    def login(self, email="customer@example.com", password=PASSWORD, tenant=None):
        self.token = None
        response = self.post("/v1/users/login", {"tenant_id": tenant or self.tenant, "email": email, "password": password})
        assert response.status_code == 200, response.text
        self.token, self.refresh_token = response.json()["token"], response.json()["refresh_token"]
        return self

    def register(self, email=None):
        response = self.post("/v1/users/register", {"tenant_id": self.tenant, "email": email or f"{uuid.uuid4().hex}@example.com",
                                                  "password": "a good password"})
        assert response.status_code == 201, response.text
        self.token, self.refresh_token = response.json()["token"], response.json()["refresh_token"]
        return self

    def as_manager(self):
        return Client(self.server, self.tenant).login("manager@example.com")

    def books(self, query="limit=5&in_stock=true"):
        response = self.get(f"/v1/books/search?{query}")
        assert response.status_code == 200, response.text
        return response.json()["items"]


def operation_of(document, method, path):
    """The OpenAPI operation of a request: the template with the most literal segments."""
    segments = path.split("?")[0].strip("/").split("/")
    best = None
    for template, operations in document["paths"].items():
        wanted = template.strip("/").split("/")
        if len(wanted) == len(segments) and all(w.startswith("{") or w == s for w, s in zip(wanted, segments)):
            literals = sum(not w.startswith("{") for w in wanted)
            operation = operations.get("get" if method == "HEAD" else method.lower())
            if operation and (best is None or literals > best[0]):
                best = (literals, operation)
    return best and best[1]


def check_answer(document, method, path, response):
    """Checks status, media type and body against the document. An error is a problem document everywhere."""
    assert response.headers["X-Request-Id"]
    operation = operation_of(document, method, path)
    if operation is None:
        assert response.status_code >= 400 or method == "OPTIONS" or path.startswith(("/healthz", "/readyz", "/openapi.json"))
        documented = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
        if response.status_code < 400:
            return
    else:
        documented = operation["responses"].get(str(response.status_code), operation["responses"]["default"])
        assert response.status_code >= 400 or str(response.status_code) in operation["responses"], (
            f"{method} {path} answered {response.status_code}, which is not documented")
    if response.status_code in (204, 304) or method == "HEAD":
        assert response.content == b""
        return
    media_type = response.headers["Content-Type"]
    assert media_type in documented["content"], f"{method} {path}: {media_type} is not documented"
    if "json" in media_type:
        schema = {**documented["content"][media_type]["schema"], "components": document["components"]}
        jsonschema.Draft202012Validator(schema).validate(response.json())
    if response.status_code >= 400:
        assert response.json()["status"] == response.status_code


def problem(response, status, code):
    """Checks that a response is this problem, and returns it."""
    assert response.status_code == status, f"{response.status_code} instead of {status}: {response.text}"
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == code, response.text
    return response.json()


def faults(response):
    return {fault["pointer"]: fault["code"] for fault in problem(response, 400, "invalid")["errors"]}


def eventually(check, timeout_s=10):
    """Waits for a condition that another thread or process fulfils, for instance a view that is updated after a commit."""
    deadline = time.monotonic() + timeout_s
    pause = threading.Event()
    while not (value := check()):
        assert time.monotonic() < deadline, "the condition was not fulfilled in time"
        pause.wait(0.005)
    return value
