"""A tenant whose every text tries to drive the terminal or the application."""

from __future__ import annotations

from services.model import Status
from services.sandbox.builder import Builder
from services.sandbox.options import DEDICATED_ACCOUNT
from services.sandbox.stories.base import Expectations, overall, recovery

NAME = "hostile-text"
SENTENCE = "A tenant's names, tags, order and parties are made to drive terminals and applications."

ESCAPES = (
    "\x1b[2J\x1b[31mred\x1b[0m",  # clears the screen, changes colours
    "\x1b]0;owned\x07",  # sets the window's title
    "\x1b]52;c;b3duZWQ=\x1b\\",  # writes the clipboard
    "\x1b]8;;http://example.invalid/\x1b\\link\x1b]8;;\x1b\\",
    '\x1b[6n\x1b[c\x1bP$q"p\x1b\\',  # asks the terminal to answer into the input
    "\x1b[?1049l\x1b[?1000h\x1bc",  # leaves the alternate screen, wants the mouse, resets
    "\x9b31mC1\x9d0;owned\x9c",  # the same with eight-bit controls
    "bell\x07back\x08\x08tab\tnew\nline\rreturn\x0bvt\x0cff\x7fdel",
    "nul\x00byte",
)
"""What a terminal obeys."""

TEXTS = (
    "[@click=app.quit]quit[/]",
    "[/foo]",
    "[bold red]bold[/bold red] [link=http://example.invalid]here[/link]",
    "[[@click=app.bell]]",
    "$background {{ 7*7 }} %s {0} \\x1b[31m",
    "abc\u202edef\u202c \u2066ghi\u2069 \u061c\u200f",  # turns the order of characters round
    "in\u200bvis\u200cib\u200dle\u2060\ufeff\u00adtext",
    "line\u2028separator\u2029paragraph\u0085next",
    "x" * 300,
    "株式会社 統合通信サービス ｱｲｳ 한국어 漢字",
    "👩\u200d👩\u200d👧\u200d👦 🇮🇹 👍🏽 ☎\ufe0f 1\ufe0f\u20e3",
    "e\u0301 a\u0300\u0301\u0302\u0303\u0304\u0305 z" + "\u0336" * 40,
    "\U000e0041\U000e0042 \uffff \ue000 \U0010fffd",
    '=HYPERLINK("http://example.invalid")',  # a formula where a list is opened as a spreadsheet
    '"quoted",comma;semi\'single`back',
    "   ",
)
"""What deceives the eye, the layout or another program."""

HOSTILE = ESCAPES + TEXTS
"""Every hostile string, for anybody's tests. Each can be carried by JSON; XML carries those of ``TEXTS`` but one."""


def plant(builder: Builder) -> Expectations:
    name = "\x1b]0;owned\x07[@click=app.quit]Acme[/foo] \u202eevil\u202c \u200bLtd \x9b31m 漢字 👍🏽"
    ends = tuple(
        builder.party("sp-end-customer", f"end-acme-hostile-{number}", text)
        for number, text in enumerate(HOSTILE)
        if "\x00" not in text  # the internal API refuses it: PostgreSQL cannot keep it
    )
    tenant = builder.tenant(
        "acme-hostile",
        name,
        "dedicated",
        "us-east-1",
        customer=builder.party("customer", "customer-acme-hostile", "[bold]" + "W" * 294),
        reseller=builder.party("reseller", "reseller-acme-hostile", "".join(ESCAPES[:-1])),
        service_provider=builder.party("service-provider", "provider-acme-hostile", TEXTS[9] + TEXTS[10]),
        sp_end_customers=ends,
    )
    builder.running(tenant)
    builder.planting.subscriptions[-1] = builder.planting.subscriptions[-1].model_copy(
        update={"order": "OF-\x1b]52;c;b3duZWQ=\x07[/]\u202e1"}
    )
    tags = (
        ("tenant", tenant.id),
        ("[@click=app.quit]", "[/foo][bold red]"),
        ("bidi \u202e", TEXTS[5]),
        ("zero\u200bwidth", TEXTS[6]),
        ("c1", ESCAPES[6]),  # the one kind of control that XML 1.0 carries
        ("wide", TEXTS[9] + TEXTS[10]),
        ("long", "y" * 256),  # as long as a tag's value may be
    )
    instance = builder.instance(DEDICATED_ACCOUNT, tenant.region, "acme-hostile-core", tier="dedicated", tags=tags)
    builder.store(tenant, instance.arn)
    builder.planting.json_tags.append(
        (instance.arn, tuple((f"hostile-{number}", text) for number, text in enumerate(HOSTILE)))
    )
    return (
        recovery(tenant.id, instance, Status.OK),
        overall(tenant.id, Status.OK),
    )
