"""An AWS that gives every call its answer after 50 ms, however many are under way: it prints its port, and serves until
its standard input ends."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta

from services.now import make_now

LATE_S = 0.05
_HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nx-amzn-RequestId: {id}\r\nContent-Length: {length}\r\n\r\n"
_ROLE = """<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
<AssumedRoleUser><AssumedRoleId>AROA:tenure</AssumedRoleId><Arn>arn:aws:sts::111122223333:assumed-role/r/tenure</Arn>
</AssumedRoleUser><Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>
<SessionToken>token</SessionToken><Expiration>{until}</Expiration></Credentials></AssumeRoleResult>
<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></AssumeRoleResponse>"""
_DATABASE = """<DBInstance><DBInstanceIdentifier>{name}</DBInstanceIdentifier>
<DBInstanceStatus>available</DBInstanceStatus><DBInstanceArn>arn:aws:rds:eu-central-1:111122223333:db:{name}</DBInstanceArn><DbiResourceId>db-{name}</DbiResourceId>
<Engine>postgres</Engine><InstanceCreateTime>2026-01-02T03:04:05Z</InstanceCreateTime>
<LatestRestorableTime>2026-11-22T02:58:00Z</LatestRestorableTime><BackupRetentionPeriod>35</BackupRetentionPeriod>
<MultiAZ>true</MultiAZ><AvailabilityZone>eu-central-1a</AvailabilityZone>
<TagList><Tag><Key>tenant</Key><Value>{name}</Value></Tag></TagList></DBInstance>"""
_LIST = """<DescribeDBInstancesResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><DescribeDBInstancesResult>
<DBInstances>{records}</DBInstances></DescribeDBInstancesResult>
<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></DescribeDBInstancesResponse>"""


def _answer(text: str) -> bytes:
    body = text.encode()
    return _HEAD.format(id="r", length=len(body)).encode() + body


ROLE = _answer(_ROLE.format(until=(make_now()() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")))
LIST = _answer(_LIST.format(records="".join(_DATABASE.format(name=name) for name in ("orders",))))


class Late(asyncio.Protocol):
    """One connection, which is kept open."""

    def __init__(self) -> None:
        self._waiting = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody has come."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer what has come whole, each call 50 ms from now."""
        self._waiting += data
        head, _, rest = self._waiting.partition(b"\r\n\r\n")
        if b"\r\n\r\n" not in self._waiting:
            return
        length = next((int(line[15:]) for line in head.split(b"\r\n") if line[:15].lower() == b"content-length:"), 0)
        if len(rest) < length:
            return
        body, self._waiting = rest[:length], rest[length:]
        asyncio.get_running_loop().call_later(LATE_S, self._send, ROLE if b"AssumeRole" in body else LIST)

    def _send(self, answer: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(answer)


async def serve() -> None:
    """Serve on a free port of this machine."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Late, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve())
