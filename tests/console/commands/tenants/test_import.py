"""``tenure tenants import`` against a served registry: compared first, written whole or not at all."""

from __future__ import annotations

import io
import json
from pathlib import Path

import httpx
import pytest

from console.main import run
from services.internal.client import InternalApi
from services.model import Observation, Outcome, Source
from services.wire.imports import ImportRequest, ImportResult
from tests.support.api import AT, token
from tests.support.registry import ACCOUNT

Captured = pytest.CaptureFixture[str]

NEW = (
    "id,name,tier,region,account,zone,customer,order,started_on,ended_on\n"
    f"new,New,public,eu-central-1,{ACCOUNT},Europe/Rome,contoso=Contoso AG,SO-9,2026-12-01,2027-11-30\n"
    f"acme,Acme S.p.A.,public,eu-central-1,{ACCOUNT},Europe/Rome,northwind,SO-1,2024-01-01,\n"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tenants.csv"
    path.write_text(NEW, encoding="utf-8")
    return path


def tenants(api: httpx.Client) -> dict[str, str]:
    return {item["id"]: item["name"] for item in api.get("/tenants").json()["items"]}


def test_a_difference_is_printed_and_nothing_is_written(api: httpx.Client, file: Path, capsys: Captured) -> None:
    """A row a change on stdout, the count and the digest on stderr, exit 0; a viewer may compare as well."""
    assert run(["tenants", "import", str(file), "-o", "json"]) == 0
    out, err = capsys.readouterr()
    rows = json.loads(out)
    assert [(row["row"], row["collection"], row["id"], row["member"]) for row in rows] == [
        ("line 2", "parties", "contoso", None),
        ("line 2", "tenants", "new", None),
        ("line 2", "subscriptions", "new", None),
        ("line 3", "tenants", "acme", "name"),
    ]
    assert (rows[3]["before"], rows[3]["after"]) == ("Acme", "Acme S.p.A.")
    assert "rows 2, records new 3, changed 1; tenants not in the file 1, which stay as they are" in err
    assert tenants(api) == {"acme": "Acme", "fabrikam": "Fabrikam"}


def test_a_read_only_profile_compares_and_writes_nothing(
    api: httpx.Client, file: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The comparison is printed; --apply is refused with the reason."""
    monkeypatch.setenv("TENURE_READ_ONLY", "true")
    assert run(["tenants", "import", str(file)]) == 0
    assert run(["tenants", "import", str(file), "--apply"]) == 4
    assert "read-only: " in capsys.readouterr().err
    assert tenants(api) == {"acme": "Acme", "fabrikam": "Fabrikam"}


def test_apply_writes_what_was_compared(api: httpx.Client, file: Path, capsys: Captured) -> None:
    """All of it, noted in the log; a second time there is nothing left to do."""
    run(["tenants", "import", str(file)])
    digest = capsys.readouterr().err.split("--compared ")[1].strip()
    assert run(["tenants", "import", str(file), "--apply", "--compared", "0" * 16]) == 4
    assert tenants(api) == {"acme": "Acme", "fabrikam": "Fabrikam"}
    assert f"the difference is another one now: {digest}" in capsys.readouterr().err
    assert run(["tenants", "import", str(file), "--apply", "--compared", digest]) == 0
    assert "written: 3 created, 1 replaced" in capsys.readouterr().err
    assert tenants(api) == {"acme": "Acme S.p.A.", "fabrikam": "Fabrikam", "new": "New"}
    assert api.get("/subscriptions/new").json()["ended_on"] == "2027-11-30"
    assert api.get("/audit").json()["items"][0]["action"] == "registry import"
    assert run(["tenants", "import", str(file), "--apply"]) == 0
    assert "rows 2, records new 0, changed 0" in capsys.readouterr().err


def test_every_mistake_is_told_by_row_and_nothing_is_written(api: httpx.Client, file: Path, capsys: Captured) -> None:
    """Exit 2, stdout empty, hostile text harmless, and the good rows are not written either."""
    bad = f"Bad,public,eu-central-1,{ACCOUNT}"
    more = f"bad,{bad},Mars/Base,ghost,,,\nworse,{bad},,gh\x1b[31most,,,\nshort\n"
    file.write_text(NEW + more, encoding="utf-8")
    assert run(["tenants", "import", str(file), "--apply"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "\x1b" not in err
    assert "mistakes, so nothing is imported" in err
    assert "line 6: has 1 cells where the heading has 10" in err
    assert "line 5: customer: is no id: letters, digits and . _ - alone" in err
    assert "line 4: customer: there is no party ghost; to make it: ghost=Name" in err
    assert "line 4: zone: is no IANA time zone" in err
    assert tenants(api) == {"acme": "Acme", "fabrikam": "Fabrikam"}


@pytest.mark.parametrize("name", ["tenants.txt", "absent.csv", "folder.csv", "latin.csv", "broken.json"])
def test_a_file_that_cannot_be_read_exits_2(api: httpx.Client, tmp_path: Path, name: str, capsys: Captured) -> None:
    """With its name and the reason, before anybody is asked."""
    (tmp_path / "tenants.txt").write_text(NEW)
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "latin.csv").write_bytes(b"id,name\nacme,\xe9\n")
    (tmp_path / "broken.json").write_text("[{")
    assert run(["tenants", "import", str(tmp_path / name)]) == 2
    told = capsys.readouterr().err
    assert name in told
    assert ("byte 13 is 0xe9; save it as UTF-8" in told) == (name == "latin.csv")


def test_json_comes_from_stdin_too(api: httpx.Client, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """For whoever makes it with a program."""
    monkeypatch.setattr("sys.stdin", io.StringIO('[{"id": "fabrikam", "ended_on": "2027-01-31"}]'))
    assert run(["tenants", "import", "-", "--apply", "-o", "ndjson"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["row"], row["tenant"], row["member"], row["before"]) == ("item 1", "fabrikam", "ended_on", "2026-10-24")
    assert api.get("/subscriptions/sub-2").json()["ended_on"] == "2027-01-31"


def test_a_viewer_compares_and_may_not_write(
    api: httpx.Client, file: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """Exit 4 in the server's words."""
    monkeypatch.setenv("TENURE_API_TOKEN", token("viewer"))
    assert run(["tenants", "import", str(file)]) == 0
    assert run(["tenants", "import", str(file), "--apply"]) == 4
    assert "nothing was written: answered 403 Forbidden: the role viewer may not do this" in capsys.readouterr().err


def test_a_registry_that_does_not_answer_exits_3(
    api: httpx.Client, file: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """With nothing on stdout: what was not read is no difference."""
    monkeypatch.setenv("TENURE_API_TOKEN", "unknown")
    assert run(["tenants", "import", str(file), "--apply"]) == 3
    out, err = capsys.readouterr()
    assert (out, "internal GET /tenants denied: " in err) == ("", True)


def lost(self: InternalApi, request: ImportRequest, *, kept: bool) -> tuple[Observation[ImportResult], bool]:
    if kept:
        assert send(self, request)[0].value is not None
    return Observation(Source("internal", "POST /import"), AT, Outcome.FAILED, error="timed out (ReadTimeout)"), False


send = InternalApi.import_registry


@pytest.mark.parametrize(("kept", "code", "words"), [(True, 0, "written, though"), (False, 4, "nothing was written: ")])
def test_a_lost_answer_is_settled_by_comparing_again(
    api: httpx.Client,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Captured,
    kept: bool,
    code: int,
    words: str,
) -> None:
    """What was written is no longer a difference; it is never sent a second time."""
    monkeypatch.setattr(InternalApi, "import_registry", lambda self, request: lost(self, request, kept=kept))
    assert run(["tenants", "import", str(file), "--apply"]) == code
    assert words in capsys.readouterr().err
    assert ("new" in tenants(api)) is kept


def test_what_changes_while_it_is_compared_is_not_overwritten(
    api: httpx.Client, file: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """Somebody renames a tenant between the comparison and the writing: refused, and their change stays."""

    def late(self: InternalApi, request: ImportRequest) -> tuple[Observation[ImportResult], bool]:
        body = api.get("/tenants/acme").json() | {"name": "Theirs"}
        assert api.put("/tenants/acme", json=body).status_code == 200
        return send(self, request)

    monkeypatch.setattr(InternalApi, "import_registry", late)
    assert run(["tenants", "import", str(file), "--apply"]) == 4
    assert "nothing was written: answered 412" in capsys.readouterr().err
    assert tenants(api) == {"acme": "Theirs", "fabrikam": "Fabrikam"}
