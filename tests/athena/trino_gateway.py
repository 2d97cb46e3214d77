#!/usr/bin/env python3
"""Athena's API in front of Trino, its engine. A query runs as EXECUTE IMMEDIATE with its parameters, as Athena runs it. For scripts/athena-proof.

Usage: trino_gateway.py TRINO_URL. Prints its own URL and serves until its standard input is closed.
"""

import http.server
import itertools
import json
import sys
import threading
import urllib.request
import uuid


class Query:
    def __init__(self, trino, sql, parameters, database):
        self.id, self.state, self.reason, self.columns, self.rows = str(uuid.uuid4()), "QUEUED", "", [], []
        self.trino, self.stopped = trino, False
        statement = sql
        if parameters:
            statement = f"EXECUTE IMMEDIATE '{sql.replace(chr(39), chr(39) * 2)}' USING {', '.join(parameters)}"
        threading.Thread(target=self.run, args=(statement, database), daemon=True).start()

    def run(self, statement, database):
        headers = {"X-Trino-User": "test", "X-Trino-Catalog": "awsdatacatalog", "X-Trino-Schema": database, "X-Trino-Time-Zone": "America/Lima"}
        try:
            response = ask(f"{self.trino}/v1/statement", statement.encode(), headers)
            self.state = "RUNNING"
            while True:
                if "error" in response:
                    raise RuntimeError(response["error"]["message"])
                self.columns = [column["name"] for column in response.get("columns", [])] or self.columns
                self.rows += response.get("data", [])
                if "nextUri" not in response or self.stopped:
                    break
                response = ask(response["nextUri"])
            self.state = "CANCELLED" if self.stopped else "SUCCEEDED"
        except (OSError, RuntimeError) as failure:
            self.reason, self.state = str(failure), "FAILED"


def ask(url, body=None, headers=None):
    with urllib.request.urlopen(urllib.request.Request(url, body, headers or {}), timeout=60) as response:
        return json.load(response)


def to_cell(value):
    return {} if value is None else {"VarCharValue": str(value).lower() if isinstance(value, bool) else str(value)}


def to_row(values):
    return {"Data": [to_cell(value) for value in values]}


class Gateway(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    trino, queries, page_rows = "", {}, 5  # small, so that results have several pages

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        operation = self.headers["X-Amz-Target"].removeprefix("AmazonAthena.")
        response = json.dumps(getattr(self, operation)(body)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(response)))
        self.end_headers()
        self.wfile.write(response)

    def StartQueryExecution(self, body):
        query = Query(self.trino, body["QueryString"], body.get("ExecutionParameters", []), body["QueryExecutionContext"]["Database"])
        self.queries[query.id] = query
        return {"QueryExecutionId": query.id}

    def GetQueryExecution(self, body):
        query = self.queries[body["QueryExecutionId"]]
        return {"QueryExecution": {"QueryExecutionId": query.id, "Status": {"State": query.state, "StateChangeReason": query.reason}}}

    def GetQueryResults(self, body):
        query = self.queries[body["QueryExecutionId"]]
        rows, begin = [query.columns, *query.rows], int(body.get("NextToken", 0))
        end = begin + min(self.page_rows, body["MaxResults"])
        page = {"ResultSet": {"Rows": [to_row(row) for row in itertools.islice(rows, begin, end)]}}
        return page | ({"NextToken": str(end)} if end < len(rows) else {})

    def StopQueryExecution(self, body):
        self.queries[body["QueryExecutionId"]].stopped = True
        return {}

    def log_message(self, *_):
        pass


def main(trino):
    Gateway.trino = trino
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1])
