"""The places that compare addresses, ids, hosts and reserved names, and texts that fold to others without being equal.

A new place is a function with `@place`: it returns whether it takes a text for the base of its kind.
"""

from __future__ import annotations

import functools
import io
import sys
import unicodedata
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final, TypeAlias
from unittest import mock

import attrs

from frontegg_async import (
    AsyncFrontegg,
    ConfigurationError,
    ConflictError,
    FronteggError,
    InvalidArgumentError,
    NotFoundError,
    Options,
    ResponseMismatchError,
    Role,
    UserToInvite,
)
from frontegg_async.cli.parameters import read_ids
from frontegg_async.emulator import Emulator
from frontegg_async.emulator.http.allowed_hosts import AllowedHosts
from frontegg_async.emulator.services.sso.rows import host_key
from frontegg_async.endpoints import sso as sso_endpoints
from frontegg_async.models.sso_writes import SsoDomainCreate
from frontegg_async.regions import parse_base_url, parse_region
from frontegg_async.resources.applications import _path as path_of_application
from frontegg_async.resources.of_tenant.groups import _path as path_of_group
from frontegg_async.resources.of_tenant.sso.domains import _find as find_domain
from frontegg_async.resources.of_tenant.sub_tenant_users import _new_users as check_new_users
from frontegg_async.resources.support.access_token_lookups import check_token_id
from frontegg_async.resources.support.invited_users import bulk_invitations
from frontegg_async.resources.support.last_owner import _is_of_owner as is_of_owner
from frontegg_async.webhooks.verifier import SIGNATURE_HEADER, header_value
from tests.support.raw_server import CLOSE, Answer, RawRequest, http, raw_server

EMAIL: Final = "kristoffer.ffinkst@strasse.example"
DOMAIN: Final = "strasse-kiffl.example"
ID: Final = "kiss-fficst"


@attrs.define
class Site:
    """A client of an emulator that has the bases, and one of a server that takes every text for them."""

    client: AsyncFrontegg
    folding: AsyncFrontegg
    configuration_id: str
    owner_id: str
    number: int = 0

    def next_id(self) -> str:
        """Return an id that nothing has."""
        self.number += 1
        return f"made-{self.number}"


Check: TypeAlias = Callable[[Site, str], Awaitable[bool]]


@attrs.frozen
class Place:
    """A place that compares.

    Args:
        name: Its name.
        base: The text that is there.
        same: A text that it does take for the base.
        check: Returns whether it takes another text for the base.
        has_last_dot: Whether a dot at the end is the same, as it is for resolvers.
    """

    name: str
    base: str
    same: str
    check: Check
    has_last_dot: bool

    async def taken(self, site: Site, most: int) -> list[str]:
        """Return the lookalikes that it takes for the base."""
        texts = lookalikes(self.base, most)
        if self.has_last_dot:
            texts.remove(f"{self.base}.")
        return [text for text in texts if await self.check(site, text)]


PLACES: Final[list[Place]] = []


def place(base: str, *, has_case: bool = False, has_last_dot: bool = False) -> Callable[[Check], Check]:
    """Add a place whose texts are compared with a base, with or without regard to the case of ASCII letters."""

    def add(check: Check) -> Check:
        name = check.__name__.replace("_", " ").strip()
        PLACES.append(Place(name, base, base if has_case else base.upper(), check, has_last_dot))
        return check

    return add


def _refused_as(message: str, function: Callable[[], object]) -> bool:
    """Return whether a text is refused because it is another, and not because it cannot be what it has to be."""
    try:
        function()
    except InvalidArgumentError as error:
        return message in str(error)
    return False


@place(EMAIL)
async def _users_invited_at_once(_: Site, text: str) -> bool:
    return _refused_as(
        "is also the address of", lambda: bulk_invitations([UserToInvite(email=EMAIL), UserToInvite(email=text)])
    )


@place(EMAIL)
async def _users_of_sub_tenants(_: Site, text: str) -> bool:
    return _refused_as("twice", lambda: check_new_users({EMAIL: None, text: None}))


@place(EMAIL)
async def _user_by_address(site: Site, text: str) -> bool:
    try:
        return (await site.client.users.get_by_email(text)).id == site.owner_id
    except (InvalidArgumentError, NotFoundError):
        return False


@place(EMAIL)
async def _users_listed_by_address(site: Site, text: str) -> bool:
    try:
        return bool(await site.client.users.list(email=text).all())
    except InvalidArgumentError:
        return False


@place(EMAIL)
async def _address_excluded_from_sso(site: Site, text: str) -> bool:
    excluded = site.client.sso.excluded_emails
    try:
        await excluded.remove(text)
    except (InvalidArgumentError, NotFoundError):
        return False
    if any(each.email == EMAIL for each in await excluded.list().all()):
        return False
    await excluded.add(EMAIL)
    return True


@place(EMAIL)
async def _owner_of_an_account(site: Site, text: str) -> bool:
    try:
        await site.client.onboard(tenant_id="acme", name="Acme", owner_email=text)
    except (InvalidArgumentError, ConflictError):
        return False
    return True


@place(EMAIL)
async def _owner_by_a_service_that_folds(site: Site, text: str) -> bool:
    try:
        await site.folding.onboard(tenant_id=site.next_id(), name="New", owner_email=text, role_keys=[])
    except (InvalidArgumentError, FronteggError):
        return False
    return True


@place(EMAIL)
async def _lost_invitation(site: Site, text: str) -> bool:
    try:
        await site.folding.users.invite("lost", email=text)
    except (InvalidArgumentError, FronteggError):
        return False
    return True


@place(DOMAIN)
async def _domain_of_a_configuration(site: Site, text: str) -> bool:
    # Without the checks of `domains.create`, which refuses most texts.
    path, body = {"configuration_id": site.configuration_id}, SsoDomainCreate(domain=text)
    try:
        made = await site.client._caller.for_tenant("acme").value(sso_endpoints.CREATE_DOMAIN, path=path, body=body)
    except FronteggError as error:
        return "in use" in str(error)
    await site.client.sso.domains.delete("acme", site.configuration_id, made.id)
    return False


@place(DOMAIN)
async def _domain_after_a_lost_response(site: Site, text: str) -> bool:
    found = await site.client.for_tenant("acme").sso.list().all()
    return bool(find_domain(found, site.configuration_id, text))


@place(DOMAIN, has_last_dot=True)
async def _host_of_txt_records(_: Site, text: str) -> bool:
    return host_key(text) == host_key(DOMAIN)


@place(DOMAIN, has_last_dot=True)
async def _name_in_a_host_header(_: Site, text: str) -> bool:
    return AllowedHosts(frozenset({DOMAIN})).allows(text)


@place(DOMAIN)
async def _host_of_a_base_url(_: Site, text: str) -> bool:
    try:
        return parse_base_url(f"https://{text}").host == DOMAIN
    except ConfigurationError:
        return False


@place("uk")
async def _region(_: Site, text: str) -> bool:
    try:
        return parse_region(text) == "uk"
    except ConfigurationError:
        return False


@place(SIGNATURE_HEADER)
async def _header_of_a_webhook(_: Site, text: str) -> bool:
    return bool(header_value({text: "signature"}))


@place("owner")
async def _role_of_an_owner(_: Site, text: str) -> bool:
    return is_of_owner(Role(id="r", key=text))


@place("active")
async def _route_of_access_tokens(_: Site, text: str) -> bool:
    return _refused_as("list all valid", lambda: check_token_id(text, "token_id"))


@place("default")
async def _route_of_applications(_: Site, text: str) -> bool:
    return _refused_as("must not be 'default'", lambda: path_of_application(text))


@place("config")
async def _route_of_groups(_: Site, text: str) -> bool:
    return _refused_as("must not be 'config'", lambda: path_of_group(text))


@place(ID, has_case=True)
async def _id_on_standard_input(_: Site, text: str) -> bool:
    with mock.patch.object(sys, "stdin", io.StringIO(f"{text}\n")):
        return ID in read_ids(("-",))


@place(ID, has_case=True)
async def _tenant_in_a_response(site: Site, text: str) -> bool:
    try:
        await site.folding.tenants.get(text)
    except (InvalidArgumentError, ResponseMismatchError):
        return False
    return True


@place(ID, has_case=True)
async def _rows_of_bulk_work(site: Site, text: str) -> bool:
    rows = [{"tenant_id": each, "name": "Row"} for each in (ID, text)]
    try:
        report = await site.client.bulk.create(rows, dry_run=True)
    except FronteggError as error:
        return "twice" in str(error) or "same" in str(error)
    return report.total == 1


@asynccontextmanager
async def site_of_places() -> AsyncIterator[Site]:
    """Start what the places ask."""
    async with AsyncExitStack() as stack:
        emulator = await stack.enter_async_context(Emulator())
        client = await stack.enter_async_context(emulator.client(options=Options(max_retries=0)))
        made = await client.onboard(tenant_id="acme", name="Acme", owner_email=EMAIL)
        configuration = await client.sso.create("acme", type="oidc")
        await client.sso.domains.create("acme", configuration.id, domain=DOMAIN)
        await client.sso.excluded_emails.add(EMAIL)
        server = await stack.enter_async_context(raw_server(_Folding().answer))
        folding = AsyncFrontegg("emu_client", "emu_secret", base_url=server.url, options=Options(max_retries=1))
        await stack.enter_async_context(folding)
        yield Site(client, folding, configuration.id, made.owner_id or "")


@attrs.define
class _Folding:
    """A service that takes every address for `EMAIL`, once a user was invited, and every id for `ID`."""

    was_invited: bool = False
    tenant: str = "lost"
    """The tenant of the last invitation."""

    def answer(self, request: RawRequest) -> Answer:
        """Answer a request; the response to the invitation to the tenant `lost` is lost."""
        was_invited, self.was_invited = self.was_invited, request.path.endswith("/users/v2")
        if self.was_invited:
            self.tenant = request.headers["frontegg-tenant-id"]
            return CLOSE if self.tenant == "lost" else http(409, {"errors": ["exists"]})
        if request.path.endswith("/users/v1/email"):
            user = {"id": "stranger", "email": EMAIL, "tenantIds": [self.tenant]}
            return http(200, user) if was_invited else http(404, {"errors": ["not found"]})
        if request.method == "GET" and "made-" in request.path:
            return http(404, {"errors": ["not found"]})
        return http(
            201 if request.body else 200, {"tenantId": ID, "name": "New"} if not request.body else request.json()
        )


def _plain(text: str) -> frozenset[str]:
    """Return the ASCII texts that a text may be taken for."""
    forms = (text, unicodedata.normalize("NFKC", text))
    kinds: tuple[Callable[[str], str], ...] = (str.casefold, str.lower, lambda each: each.upper().lower())
    found = {kind(form) for form in forms for kind in kinds}
    return frozenset(each for each in found if each.isascii() and each)


@functools.cache
def _lookalikes() -> dict[str, list[str]]:
    """Return characters by the ASCII text, of up to three characters, that they fold to."""
    found: dict[str, list[str]] = {".": ["\u3002"], "": list("\u00ad\u200b\u200d\ufeff\u0300\ufe0f")}
    for number in range(0x80, sys.maxunicode + 1):
        letter = chr(number)
        if unicodedata.category(letter) not in ("Cs", "Cn", "Co"):
            for text in _plain(letter):
                found.setdefault(text, []).append(letter)
    return found


_AT_ENDS: Final = (".", "..", "\u3002", "\u00a0", "\u2003", "\x85", "\x1c", "\u200b", "\ufeff")


def lookalikes(base: str, most: int) -> list[str]:
    """Return texts that fold to a base and are not equal to it, however case is regarded.

    Args:
        base: The text.
        most: How many characters are tried in each place; the most common ones come first.
    """
    texts = [*(base + end for end in _AT_ENDS), *(end + base for end in _AT_ENDS[2:])]
    for begin in range(len(base)):
        for length in range(4):
            part = base[begin : begin + length]
            if len(part) == length:
                others = _lookalikes().get(part, ())[:most]
                texts += [base[:begin] + each + base[begin + length :] for each in others]
    return list(dict.fromkeys(texts))
