"""The matrix with its counts, as ``docs/reliability.md``."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.reliability.faults import SERVICES, TIMES
from tests.reliability.judging import IDENTICAL, NOT_YET, PROVEN, ROWS, SAME, UNKNOWN
from tests.reliability.matrix import AFTER, FIRST, Judged
from tests.reliability.picture import COMPARED, Picture

HEAD = (
    "| faults | looks | tenants not concerned / concerned | figures compared | identical | same | unknown | proven "
    "| not yet seen | differences |\n|---|---|---|---|---|---|---|---|---|---|"
)
WIDTH = 120
ALL = "all of AWS"
API = "internal API"
COUNTED = (IDENTICAL, SAME, UNKNOWN, PROVEN, NOT_YET)


@dataclass(frozen=True, slots=True)
class Run:
    """The whole matrix."""

    faults: int
    judged: tuple[Judged, ...]
    healthy: Picture
    regions: tuple[str, ...]
    took_s: float

    @property
    def differences(self) -> int:
        return sum(len(one.found.differences) for one in self.judged)

    @property
    def looked(self) -> tuple[Judged, ...]:
        """Those under a fault."""
        return tuple(one for one in self.judged if one.how != AFTER)


def document(run: Run) -> str:
    """The text of the page."""
    total = _counts(run.looked)
    after = [one for one in run.judged if one.how == AFTER]
    first = sum(one.how == FIRST for one in run.looked)
    tenants = len(run.healthy.fleet.tenants)
    recovered = len(after) - sum(bool(one.found.differences) for one in after)
    places = {(it.account, it.region) for view in run.healthy.fleet.sources if (it := view.source).account}
    text = _BEGIN.format(
        tenants=tenants,
        figures=len(run.healthy.figures),
        rows=len(run.healthy.rows),
        calls=len(run.healthy.fleet.sources),
        places=len(places),
        areas=", ".join(f"`{name}`" for name in COMPARED),
    )
    text += _HOW.format(
        faults=run.faults,
        times=TIMES,
        services=", ".join(f"`{name}`" for name in SERVICES),
        regions=len(run.regions),
        looks=len(run.looked),
        first=first,
        again=len(run.looked) - first,
        compared=f"{sum(total[name] for name in COUNTED):,}",
        rows=f"{total[ROWS]:,}",
        differences=run.differences,
        after=len(after),
        recovered=recovered,
        minutes=f"{run.took_s / 60:.0f}",
    )
    return "\n".join([*_wrapped(text), HEAD, *_rows(run.looked), *_END.splitlines(), ""])


def _wrapped(text: str) -> Iterator[str]:
    """Lines that the numbers and names have made too long, folded."""
    for line in text.splitlines():
        indent = "  " if line.startswith(("- ", "  ")) else ""
        yield from textwrap.wrap(line, WIDTH, subsequent_indent=indent, break_on_hyphens=False) or [""]


def _rows(judged: Iterable[Judged]) -> list[str]:
    groups: dict[str, list[Judged]] = {}
    every: list[Judged] = []
    for one in judged:
        groups.setdefault(_group(one), []).append(one)
        every.append(one)
    return [*(_row(name, found) for name, found in groups.items()), _row("**all**", every)]


def _group(one: Judged) -> str:
    if one.case is None:
        return ""
    kind = f"`{one.case.kind}`" + (" by chance" if one.case.by_chance else "")
    return f"{kind} {API if one.case.kind.of_api else one.case.fault.service or ALL}"


def _row(name: str, judged: list[Judged]) -> str:
    counts = _counts(judged)
    unaffected, affected = sum(it.found.unaffected for it in judged), sum(it.found.affected for it in judged)
    cells = [
        f"{name} ({len({str(it.case) for it in judged})})",
        str(len(judged)),
        f"{unaffected:,} / {affected:,}",
        f"{sum(counts[it] for it in COUNTED):,}",
        *(f"{counts[it]:,}" for it in COUNTED),
        str(sum(len(it.found.differences) for it in judged)),
    ]
    return f"| {' | '.join(cells)} |"


def _counts(judged: Iterable[Judged]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for one in judged:
        counts += one.found.counts
    return counts


_BEGIN = """\
# Reliability: what each fault leaves known

Made by `make matrix`; every number below is counted by that run.

An operator has to be able to believe a console that says what it does not know. So AWS and the internal API are broken
in every way that [the sandbox](sandbox.md#faults) knows, and what Tenure then says is compared with what it says in
health: by the console's own fleet, over HTTP, with boto3, against the sandbox's services. Sandbox and fleet stand at
one instant meanwhile, so that an age or a countdown cannot hide a difference, nor make one.

The fleet of the sandbox has {tenants} tenants, the stories among them, in {places} accounts and regions; one look asks
{calls} sources and brings {figures} figures and {rows} rows.

## What is compared

- **Figures.** Of each verdict everything but its evidence, whose latencies and request ids differ at every look:
  status, figure, clause, reason, value, target, instants, when it changes, and the promise, the policy, the steps and
  the changes that `tenure why` prints; as bytes.
- **Rows** of {areas}, as `tenure list … -o json` prints them; as bytes.
- **Calls.** Those that the fault strikes, and no other, failed with the outcome that the fault is (`denied`,
  `throttled`, `failed`), read by boto3 out of a body in the service's own protocol.
- **The exit code** of `tenure list`: 3 where a call failed, 0 where none did.

Whom a fault concerns follows from the declarations of the checks, not from what came out: each tenant that is, or has
a store, in an account and region where a collector of the service is asked. STS gives out the roles' keys at
`us-east-1`: broken there, it concerns everybody who has no keys yet, and elsewhere nobody.

## What is promised

- Figures and rows of tenants that a fault does not concern are **identical**, to the byte.
- Of the others, a figure that does not rest on what failed stays the **same**: the bytes, or the verdict, value, target
  and instants with a word more or less (a trouble with backups that could not be looked for is said).
- A figure that rests on what failed is **unknown**; or **proven** without it, which the matrix proves again by itself:
  the store was listed, a restore point that another call told of lies inside the part of the target that is good, that
  point was there in health too, the figure is no better than in health, and its reason names the missing answer
  ([why](decisions/0012-proven-without-an-answer.md)). A slot that the plan itself breaks is at risk whatever its
  windows say.
- **Nothing vanishes.** A second look has every row and figure of the one before. A first look cannot name a store that
  is in no register and was not listed, and then a row of its tenant that is unknown speaks for it (**not yet seen**);
  for stores without a tenant, and for records of a registry that did not answer, `:sources` and the exit code do.
- Nothing becomes better: every figure has its own status or `unknown`.
- When the fault is over the next look is, to the byte, the one before it.

"""
_HOW = """\
## What was counted

{faults} faults: each kind on all of AWS, on each of {services}, and on each of them in each of {regions} regions; by
chance (`@0.3`, `@0.5`), {times} times each; and each kind of the internal API. {looks} looks under them, {again} by a
fleet that remembers health and {first} by one that remembers nothing: {compared} figures and {rows} rows were compared,
with **{differences} differences**. Of {after} looks after a fault {recovered} were what they had been before it. It
took {minutes} minutes.

`slow` and `api-slow` answer after 2 s, and concern nobody. A number counts figures over all looks of its row.

"""
_END = """
## The console while a region hangs

Through the real console in a pseudo-terminal (`tests/journeys/test_hanging.py`): with `hang:rds:eu-central-1`, and with
all of AWS hanging, it opens, answers the keys of a fixed journey through areas, filter, `why` and a tenant's page,
shows what hangs as unknown, and quits within 2 s with the terminal as it was. How fast it answers is a figure of
[the benchmarks](benchmarks.md): every key within 100 ms at the 95th percentile, measured beside the same journey in
health in the same run.

## What is not promised

- A fault that answers well-formed, complete and wrong. What AWS or the internal API says is believed.
- Faults of the network below HTTP, but for connections that are never answered, and a connection that is refused or
  breaks off, which have tests of their own (`tests/services/aws/test_faults.py`, `tests/services/internal`).
- A bucket that another one copies to from a region of its account that was never read: its copy is not known then, and
  it is judged without it. Within one region a bucket that does not tell to whom it copies leaves the others unknown.
- Two services that fail by turns within one look: the faults by chance try that, and not every order of it.
- The sandbox is not AWS: it speaks AWS's protocols with AWS's models, and fails in the ways that AWS documents.
"""
