"""A server that speaks RDS's query protocol as a script tells it to: answers, faults and silence."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs

NAMESPACE = "http://rds.amazonaws.com/doc/2014-10-31/"


@dataclass(frozen=True, slots=True)
class Reply:
    body: str = ""
    status: int = 200
    hang: bool = False


Script = Callable[[str, dict[str, str], str], Reply]
"""From the action, its parameters and the region that signed it, the reply."""


def ok(action: str, inner: str) -> Reply:
    return Reply(
        f'<{action}Response xmlns="{NAMESPACE}"><{action}Result>{inner}</{action}Result>'
        f"<ResponseMetadata><RequestId>req-1</RequestId></ResponseMetadata></{action}Response>"
    )


def error(code: str, message: str, status: int = 400) -> Reply:
    return Reply(
        f'<ErrorResponse xmlns="{NAMESPACE}"><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message>'
        "</Error><RequestId>req-err</RequestId></ErrorResponse>",
        status,
    )


def instance(name: str, *, without: str = "") -> str:
    members = {
        "DBInstanceArn": f"arn:aws:rds:eu-central-1:111122223333:db:{name}",
        "DBInstanceIdentifier": name,
        "DbiResourceId": f"db-{name.upper()}",
        "Engine": "postgres",
        "DBInstanceStatus": "available",
        "BackupRetentionPeriod": "7",
        "LatestRestorableTime": "2026-11-23T11:59:00Z",
    }
    members.pop(without, None)
    return "<DBInstance>" + "".join(f"<{key}>{value}</{key}>" for key, value in members.items()) + "</DBInstance>"


def instances(*names: str, marker: str | None = None) -> Reply:
    more = f"<Marker>{marker}</Marker>" if marker else ""
    return ok("DescribeDBInstances", f"<DBInstances>{''.join(map(instance, names))}</DBInstances>{more}")


@dataclass
class RdsServer:
    """Runs until ``close``. Hanging requests are let go then."""

    script: Script
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.hanging = threading.Semaphore(0)
        """Released once by each request that hangs."""
        self.let_go = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            server_name: ClassVar[str] = "rds"

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                asked = {key: values[0] for key, values in parse_qs(self.rfile.read(length).decode()).items()}
                region = self.headers.get("Authorization", "///").split("/")[2]
                action = asked.pop("Action", "")
                outer.requests.append((action, asked))
                reply = outer.script(action, asked, region)
                if reply.hang:
                    outer.hanging.release()
                    outer.let_go.wait(30)
                    self.close_connection = True
                    return
                body = reply.body.encode()
                self.send_response(reply.status)
                self.send_header("Content-Type", "text/xml")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # as the base class names it
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self.let_go.set()
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()
