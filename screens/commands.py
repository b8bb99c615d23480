"""The commands of the ``:`` bar: areas by name with an optional filter, a tenant by its id, and a few verbs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from textual.suggester import Suggester

from screens.shell import Shell
from services.areas import AREAS
from services.instants import InstantError, read_ahead
from services.model import EVERYWHERE, Scope
from services.query import QueryError, parse

ACCOUNT = re.compile(r"[0-9]{12}")
REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")

Command = Callable[[], None]
Do = Callable[[str, "tuple[str, ...] | None"], None]
"""Asks for an action by its name: for these tenants, for what is in sight where that is ``None``."""
NOBODY = "-"
"""In place of a tenant: none."""


class CommandError(Exception):
    """The text is no command."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        """The character that it is about, counted from 0."""


class Commands:
    """What may be typed after ``:``."""

    def __init__(self, shell: Shell, verbs: Mapping[str, Command] | None = None, do: Do | None = None) -> None:
        """``verbs``: what the screen that has the bar can do beside; ``do``: how it asks for an action, if it can."""
        self._shell = shell
        self._do = do
        self._verbs: dict[str, Command] = {
            "refresh": shell.refresh_fleet,
            "quit": shell.quit,
            "q": shell.quit,
            "q!": shell.quit,
            "profiles": shell.open_profiles,
            **(verbs or {}),
        }

    def parse(self, text: str) -> Command | None:
        """The command that ``text`` stands for; ``None`` for an empty text.

        Raises:
            CommandError: it stands for none.
        """
        if not text.strip():
            return None
        word, _, rest = text.strip().partition(" ")
        start = text.index(word)
        argument_at = text.index(rest.strip(), start + len(word)) if rest.strip() else len(text)
        argument = rest.strip()
        if word not in AREAS:
            continued = [name for name in self.words() if name.startswith(word)]
            word = continued[0] if len(continued) == 1 else word
        if word in AREAS:
            try:
                parse(argument, AREAS[word], self._shell.fleet)
            except QueryError as error:
                raise CommandError(error.message, argument_at + error.position) from error
            return lambda: self._shell.open_area(word, argument or None)
        takes = {"as-of": self._as_of, "tenant": self._tenant, "scope": self._scope, "profile": self._profile}
        if self._do is not None:
            takes["do"] = self._act
        if word in takes:
            return takes[word](argument, argument_at)
        if word in self._verbs and not argument:
            return self._verbs[word]
        if word in self._verbs:
            raise CommandError(f"{word} takes nothing", argument_at)
        raise CommandError(f"no command {word}; Tab completes, ? after Esc names them all", start)

    def _as_of(self, argument: str, argument_at: int) -> Command:
        if argument == "off":
            return lambda: self._shell.look_at(None)
        if not argument:
            raise CommandError("as of when? a day or an instant, as 2026-12-24; off for the present", argument_at)
        try:
            at = read_ahead(argument, self._shell.fleet.default_zone, self._shell.now())
        except InstantError as error:
            raise CommandError(str(error), argument_at) from error
        return lambda: self._shell.look_at(at)

    def _tenant(self, argument: str, argument_at: int) -> Command:
        if argument not in self._shell.fleet.tenants:
            message = f"no tenant {argument}" if argument else "which tenant? give its id"
            raise CommandError(message, argument_at)
        return lambda: self._shell.open_tenant(argument)

    def _act(self, argument: str, argument_at: int) -> Command:
        from services.orders.actions import ACTIONS

        do = self._do
        name, _, tenant = argument.partition(" ")
        tenant = tenant.strip()
        if do is None or name not in ACTIONS:
            message = f"no action {name}; Tab completes, . lists those that fit" if name else "do what? renew acme"
            raise CommandError(message, argument_at)
        if tenant and tenant != NOBODY and tenant not in self._shell.fleet.tenants:
            raise CommandError(f"no tenant {tenant}", argument_at + argument.rindex(tenant))
        return lambda: do(name, None if not tenant else () if tenant == NOBODY else (tenant,))

    def _scope(self, argument: str, argument_at: int) -> Command:
        if argument == "off":
            return lambda: self._shell.narrow(EVERYWHERE)
        if not argument:
            raise CommandError("which accounts, which regions? 111122223333 eu-central-1; off for all", argument_at)
        accounts, regions = set(), set()
        for word in argument.split():
            if ACCOUNT.fullmatch(word):
                accounts.add(word)
            elif REGION.fullmatch(word):
                regions.add(word)
            else:
                message = f"{word} is neither an account (12 digits) nor a region (eu-central-1)"
                raise CommandError(message, argument_at + argument.index(word))
        scope = Scope(frozenset(accounts) or None, frozenset(regions) or None)
        return lambda: self._shell.narrow(scope)

    def _profile(self, argument: str, argument_at: int) -> Command:
        if not argument:
            return self._shell.open_profiles
        names = [profile.name for profile in self._shell.profiles]
        if argument not in names:
            raise CommandError(f"no profile {argument}; there are {', '.join(names)}", argument_at)
        return lambda: self._shell.switch_profile(argument)

    def words(self) -> Iterator[str]:
        """The first words, for help and completion."""
        yield from AREAS
        yield from ("tenant", *(["do"] if self._do is not None else []))
        yield from ("as-of", "refresh", "profile", "scope", "sign-in", "quit")

    def completions(self, text: str) -> Iterator[str]:
        """What ``text`` may become."""
        if text.startswith("tenant "):
            yield from (f"tenant {tenant}" for tenant in self._shell.fleet.tenants)
        elif text.startswith("scope "):
            yield from self._scopes(text)
        elif text.startswith("do "):
            yield from self._actions(text)
        elif text.startswith("profile "):
            yield from (f"profile {profile.name}" for profile in self._shell.profiles)
        else:
            yield from self.words()

    def _actions(self, text: str) -> Iterator[str]:
        """The names of actions; after one of them, the tenants."""
        from services.orders.actions import ACTIONS

        _, name, *rest = text.split(" ")
        if rest and name in ACTIONS:
            yield from (f"do {name} {tenant}" for tenant in self._shell.fleet.tenants)
        else:
            yield from (f"do {name}" for name in sorted(ACTIONS))

    def _scopes(self, text: str) -> Iterator[str]:
        """What was typed with its last word ended by an account or a region of those that are seen."""
        before = text.rpartition(" ")[0]
        seen = {(view.source.account, view.source.region) for view in self._shell.fleet.sources}
        for part in sorted({part for place in seen for part in place if part is not None}):
            yield f"{before} {part}"


class CommandSuggester(Suggester):
    """Suggests the first command that continues what was typed."""

    def __init__(self, commands: Commands) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._commands = commands

    async def get_suggestion(self, value: str) -> str | None:
        return next((word for word in self._commands.completions(value) if word.startswith(value)), None)
