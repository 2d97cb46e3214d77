#!/usr/bin/env python3
"""Runs a command behind a proxy that alters the requests to OpenSearch in one way; the comparison must detect it.
altering_proxy.py CHANGE ENGINE_URL COMMAND…   {} in the command becomes the proxy's URL; the exit code is the command's."""

import http.client
import http.server
import json
import subprocess
import sys
import threading
import urllib.parse


def other_boost(method, body):
    return body.replace(b'"boost":3', b'"boost":2.9')


def another_stop_word(method, body):
    return body.replace(b'"la",', b'"la","the",') if method == "PUT" else body


def other_norms(method, body):
    if method != "PUT" or b'"mappings"' not in body:
        return body
    index = json.loads(body)
    index["settings"]["similarity"] = {"default": {"type": "BM25", "b": 0.7}}
    return json.dumps(index).encode()


def other_order_of_equal_scores(method, body):
    best_first, worst_first = (b'{"rating":{"missing":"_last","order":"%s"}}' % order for order in (b"desc", b"asc"))
    return body.replace(b'{"_score":{"order":"desc"}},' + best_first, b'{"_score":{"order":"desc"}},' + worst_first)


CHANGES = {"boost": other_boost, "stop-word": another_stop_word, "norm": other_norms, "tie-break": other_order_of_equal_scores}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, *_):
        pass

    def forward(self):
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = self.server.change(self.command, sent)
        self.server.changed += body != sent
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "content-length", "connection")}
        connection = http.client.HTTPConnection(self.server.engine, timeout=120)
        try:
            connection.request(self.command, self.path, body, headers)
            response = connection.getresponse()
            text = response.read()
        finally:
            connection.close()
        self.send_response(response.status)
        self.send_header("Content-Type", response.headers.get("Content-Type", "application/json"))
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)
        self.wfile.flush()

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = forward


def main():
    change, engine, *command = sys.argv[1:]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.engine = urllib.parse.urlsplit(engine).netloc
    server.change = CHANGES[change]
    server.changed = 0
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    code = subprocess.run([part.replace("{}", url) for part in command]).returncode
    if server.changed == 0:
        sys.exit(f"altering_proxy.py: no request was altered by {change}")
    sys.exit(code)


if __name__ == "__main__":
    main()
