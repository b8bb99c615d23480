"""An operator at a shell of a sandbox; what is there afterwards, looked up past Tenure: plain HTTP, stock AWS CLI."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from tests.support.cli import tenure
from tests.support.sandbox import RunningSandbox, wait_for

AWS = Path(sys.executable).with_name("aws")
AWS_S = 60.0
ENDED = frozenset({"done", "undone", "half-done", "cancelled", "void"})
READER, WORKER = "tenure-read", "tenure-worker"


class Registry:
    """The internal API over plain HTTP, with the token of a role."""

    def __init__(self, sandbox: RunningSandbox, token: str) -> None:
        self._url = sandbox.api_url
        self._header = {"Authorization": f"Bearer {token}"}

    def get(self, path: str) -> dict[str, Any] | None:
        """A record; ``None`` where there is none."""
        answer = self._ask("GET", path)
        if answer.status_code == 404:
            return None
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def all(self, path: str, **query: str) -> list[dict[str, Any]]:
        """All records under a path, page by page."""
        items: list[dict[str, Any]] = []
        asked = query
        while True:
            answer = self._ask("GET", path, params=asked)
            answer.raise_for_status()
            page = answer.json()
            items += page["items"]
            if page["next"] is None:
                return items
            asked = {**query, "cursor": page["next"]}

    def put(self, path: str, record: Mapping[str, Any]) -> None:
        """Plant a record."""
        self._ask("PUT", path, json=dict(record)).raise_for_status()

    def ended(self, order: str) -> dict[str, Any]:
        """An order when it has ended."""

        def found() -> dict[str, Any]:
            return self.get(f"/orders/{order}") or {}

        assert wait_for(lambda: found().get("state") in ENDED), found()
        return found()

    def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        with httpx.Client(base_url=self._url, headers=self._header, trust_env=False, timeout=20) as http:
            return http.request(method, path, **options)


class Shell:
    """Somebody at a shell, with the token of a role."""

    def __init__(self, sandbox: RunningSandbox, home: Path, role: str) -> None:
        self.home = home
        self._env = {**sandbox.environment, "TENURE_API_TOKEN": sandbox.tokens[role]}

    def tenure(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return tenure(*arguments, home=self.home, env=self._env)

    def done(self, *arguments: str) -> str:
        """What it printed; it has to have gone well."""
        ended = self.tenure(*arguments)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout.strip()


class AwsCli:
    """The stock AWS CLI on a sandbox, with the credentials of a role that it has assumed itself."""

    def __init__(self, sandbox: RunningSandbox, home: Path, role: str = READER) -> None:
        self._sandbox = sandbox
        self._home = home
        self._role = role
        self._assumed: dict[str, dict[str, str]] = {}

    def __call__(self, account: str, region: str, *arguments: str) -> dict[str, Any]:
        """What AWS answers in an account and region."""
        if account not in self._assumed:
            arn = self._sandbox.role_arn.replace(READER, self._role).format(account=account)
            given = self._run({}, "sts", "assume-role", "--role-arn", arn, "--role-session-name", "by-other-means")
            keys = given["Credentials"]
            self._assumed[account] = {
                "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
                "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
                "AWS_SESSION_TOKEN": keys["SessionToken"],
            }
        return self._run(self._assumed[account], "--region", region, *arguments)

    def as_role(self, role: str) -> AwsCli:
        """The same with the credentials of another role."""
        return AwsCli(self._sandbox, self._home, role)

    def _run(self, keys: Mapping[str, str], *arguments: str) -> dict[str, Any]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        ours = {**clean, **self._sandbox.aws_environment, "HOME": str(self._home), "AWS_PAGER": ""}
        del ours["AWS_ENDPOINT_URL"]
        done = subprocess.run(
            [AWS, "--output", "json", "--endpoint-url", self._sandbox.aws_endpoint_url, *arguments],
            env={**ours, **keys},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=AWS_S,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout or "{}")
        return answer
