"""A client of server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""

import json
import socket
import threading
import time

import jsonschema
import requests

SCHEMAS = {"sale": "analytics.LiveSale", "cancellation": "analytics.LiveSale", "today": "analytics.LiveDay"}


class EventStream:
    """GET /v1/analytics/live, read by a thread. `events` are (name, data, id, time of arrival)."""

    def __init__(self, client, path="/v1/analytics/live", last_event_id=None, headers=None):
        sent = {"Authorization": f"Bearer {client.token}", "Accept": "text/event-stream", **(headers or {})}
        if last_event_id:
            sent["Last-Event-ID"] = last_event_id
        self.document = client.server.openapi()
        self.response = requests.get(client.server.url + path, headers=sent, stream=True, timeout=30)
        self.events = []
        self.comments = 0
        self.failure = None
        self.ended = threading.Event()  # the server completed the response
        self.changed = threading.Condition()
        assert self.response.headers["X-Request-Id"]
        if self.response.status_code == 200:
            documented = self.document["paths"]["/v1/analytics/live"]["get"]["responses"]["200"]["content"]
            assert self.response.headers["Content-Type"] in documented
            assert self.response.headers["Cache-Control"] == "private, no-store"
            self.reader = threading.Thread(target=self._read, daemon=True)
            self.reader.start()

    def _read(self):
        event = {}
        try:
            for line in self.response.iter_lines(chunk_size=1, decode_unicode=True):
                if line.startswith(":"):
                    self.comments += 1
                elif line:
                    field, _, value = line.partition(": ")
                    event[field] = value
                elif "event" in event:
                    self._add(event)
                    event = {}
                else:
                    event = {}
            self.ended.set()
        except (requests.RequestException, AttributeError, ValueError) as failure:  # the connection was cut, or closed here
            self.failure = failure
        with self.changed:
            self.changed.notify_all()

    def _add(self, event):
        data = json.loads(event["data"])
        if name := SCHEMAS.get(event["event"]):
            schema = {"$ref": f"#/components/schemas/{name}", "components": self.document["components"]}
            jsonschema.Draft202012Validator(schema).validate(data)
        with self.changed:
            self.events.append((event["event"], data, event.get("id"), time.monotonic()))
            self.changed.notify_all()

    def wait_for(self, name, count=1, timeout_s=10):
        """The data of the first `count` events of a kind."""
        with self.changed:
            arrived = self.changed.wait_for(lambda: len(self.of(name)) >= count, timeout_s)
        assert arrived, f"{count} × {name} did not arrive, only {self.events}"
        return self.of(name)[:count]

    def of(self, name):
        return [data for kind, data, _, _ in self.events if kind == name]

    def last_id(self):
        return next(place for _, _, place, _ in reversed(self.events) if place)

    def close(self):
        """Disconnects at once. Closing the response would wait for the thread that reads it."""
        self.response.raw._fp.fp.raw._sock.shutdown(socket.SHUT_RDWR)
        self.reader.join(timeout=10)
