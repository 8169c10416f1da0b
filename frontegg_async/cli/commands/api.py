"""``frontegg api``: call any operation of the service, with the client's token, retries and limits."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, cast
from urllib.parse import parse_qsl, unquote

import click

from frontegg_async.catalogue.lookups import methods_of
from frontegg_async.cli.command import Argument, Command
from frontegg_async.cli.failures import CommandError, ExitCode
from frontegg_async.cli.inputs import read_text
from frontegg_async.cli.parameters import json_of
from frontegg_async.cli.questions import asks, confirm_several
from frontegg_async.cli.results import show_result
from frontegg_async.cli.secret_files import new_secret_file
from frontegg_async.cli.session import Session
from frontegg_async.cli.writes import UNDECLARED
from frontegg_async.client import AsyncFrontegg
from frontegg_async.endpoints import Auth, Endpoint, Retry, all_endpoints

_METHODS: Final = click.Choice(("GET", "POST", "PUT", "PATCH", "DELETE"), case_sensitive=False)
_PLAIN: Final = re.compile(r"[A-Za-z0-9._~-]+")
_SECRET: Final = re.compile(
    r"(?i)secret|password|passphrase|passcode|private_?key|api_?key$|recovery_?code|(?<!page)(?<!page_)token$|^jwt$"
    r"|credentials?$|(?<!_)links?$|(?:qr|otc|otp|mfa|user|verification|activation|reset|backup)_?codes?$|^(?:otp|pin)$"
    r"|cookies?$|^authorization$|assertion$|access_?key_?id$|code_?payload$|service_?account$"
)
"""The names of values that the output hides."""
_LIKE_SECRET: Final = re.compile(
    r"eyJ[\w-]+\.[\w-]+\."  # a JWT
    r"|-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|^(?:Bearer|Basic) \S"
    r"|//[^/\s@]*:[^/\s@]+@"  # a password in an address
    r"|(?i:[?&#][\w.-]*(?:token|code|secret|key|password|jwt|otp|invit|signature|session)[\w.-]*=.)"
    r"|^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[\w+/=.~-]{32,512}$",  # random text, but not an id of the service
    re.ASCII,
)
"""Texts that the output hides in every field: a new version of the service may use new names for secrets."""
_HIDDEN: Final = "(hidden)"


def api(name: str) -> Command:
    """Return the command ``frontegg api``.

    Args:
        name: The name of the command.
    """

    @click.option("--body", metavar="FILE", help="A file with the JSON body, or - for standard input.")
    @click.option("--query", multiple=True, metavar="K=V", help="A query parameter. May be repeated.")
    @click.option("--tenant", metavar="ID", help="The account for the header frontegg-tenant-id.")
    @click.option("--user-id", metavar="ID", help="The user for the header frontegg-user-id.")
    @click.option(
        "--secret-out", type=click.Path(path_type=Path), help="A new file for the whole response, including secrets."
    )
    def run(
        session: Session,
        *,
        method: str,
        path: str,
        body: str | None,
        query: tuple[str, ...],
        tenant: str | None,
        user_id: str | None,
        secret_out: Path | None,
    ) -> int:
        endpoint, fields, parameters = _parse(method, path, tenant=tenant, user_id=user_id)
        for key, value in map(_pair, query):
            parameters.setdefault(key, []).append(value)
        content = None if body is None else _body(body)
        _confirm(session, endpoint, path, content)

        async def call(client: AsyncFrontegg) -> int:
            caller = client if tenant is None else client.for_tenant(tenant)
            response = await caller.send(endpoint, path=fields, query=parameters, body=content, user_id=user_id)
            if secret_out is not None:
                keep(json.dumps(response.value, ensure_ascii=False, indent=2))
                session.say(f"the response is in {secret_out}")
            return await show_result(session, hidden(response.value), verb=f"{response.status}")

        with new_secret_file(secret_out) as keep:
            return session.run(call)

    return Command(
        name,
        run,
        params=[
            Argument("method", "GET, POST, PUT, PATCH or DELETE.", metavar="METHOD", type=_METHODS),
            Argument("path", "A path, such as /tenants/resources/tenants/v2, without a host. A query may follow."),
        ],
        help="Call any operation of the service, with the client's token, retries and limits.\n\n"
        "The output keeps the field names of the service, and hides secrets.",
        examples=(
            "api GET /tenants/resources/tenants/v2 --query _limit=10",
            "api POST /tenants/resources/tenants/v1 --body account.json",
        ),
    )


def _confirm(session: Session, endpoint: Endpoint[object], path: str, body: object) -> None:
    """Ask a person like the command of the operation. In production, also ask before an unknown operation may write."""
    action = f"Send 1 request, {endpoint.method} {path}"
    methods = methods_of("environment", endpoint.name)
    several = [each for each in methods if each.of_several]
    if endpoint.method == "DELETE" or any(map(asks, methods)):
        session.confirm(action)
    elif several:
        given: Mapping[str, object] = cast("Mapping[str, object]", body) if isinstance(body, Mapping) else {}
        ids = next((given[key] for key in ("tenantIds", "tenants") if key in given), None)
        number = len({str(each) for each in cast("list[object]", ids)}) if isinstance(ids, list) else None
        confirm_several(session, several[0], number)
    elif endpoint.name == UNDECLARED and endpoint.method != "GET":
        session.confirm_in_production(action, typed=False)


def _parse(
    method: str, path: str, *, tenant: str | None, user_id: str | None
) -> tuple[Endpoint[object], dict[str, str], dict[str, list[str]]]:
    """Return the operation of a path, the fields of the path, and the parameters of its query.

    Raises:
        CommandError: The text is not a path.
    """
    bare, _, given = path.partition("?")
    segments = bare.split("/")[1:]
    if not bare.startswith("/") or not all(segments) or any(unquote(each) in (".", "..") for each in segments):
        raise CommandError(
            "PATH must begin with /, such as /tenants/resources/tenants/v2; no segment may be empty, . or ..",
            ExitCode.USAGE,
        )
    fields: dict[str, str] = {}
    for index, segment in enumerate(segments):
        if not _PLAIN.fullmatch(segment):
            fields[f"p{index}"] = unquote(segment)
            segments[index] = f"{{p{index}}}"
    parameters: dict[str, list[str]] = {}
    for key, value in parse_qsl(given, keep_blank_values=True):
        parameters.setdefault(key, []).append(value)
    known = _known(method, [fields.get(each[1:-1], each) for each in segments])
    retry = Retry.SAFE if method == "GET" else Retry.NEVER
    if known is not None and known.retry is not Retry.RECONCILE:  # only SDK methods send the GETs of RECONCILE
        retry = known.retry
    endpoint = Endpoint[object](
        name=UNDECLARED if known is None else known.name,
        method=method,
        path="/" + "/".join(segments),
        auth=Auth.ENVIRONMENT if tenant is None else Auth.TENANT,
        returns=object,
        retry=retry,
        body=object,
        user_header=user_id is not None,
    )
    return endpoint, fields, parameters


def _known(method: str, segments: list[str]) -> Endpoint[object] | None:
    """Return the SDK's operation for a path, if any. A literal segment takes precedence over a path field."""
    path = "/" + "/".join(segments)
    found = [
        each
        for each in all_endpoints()
        if each.method == method and re.fullmatch(re.sub(r"\\?\{\w+\\?\}", "[^/]+", re.escape(each.path)), path)
    ]
    return min(found, key=lambda each: len(each.fields), default=None)


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise CommandError(f"--query must be K=V, not {text!r}", ExitCode.USAGE)
    return key, value


def _body(name: str) -> object:
    """Return the JSON value of a file, or of standard input.

    Raises:
        CommandError: The file cannot be read, or is not JSON.
    """
    try:
        return json_of(read_text(name))
    except OSError as error:
        raise CommandError(f"--body {name} cannot be read: {error.strerror}", ExitCode.USAGE) from None
    except ValueError as error:
        raise CommandError(f"--body {name} is not JSON: {error}", ExitCode.USAGE) from None


def hidden(value: object, *, is_secret: bool = False) -> object:
    """Return a JSON value without its secrets. Field names and the form of texts identify secrets.

    Args:
        value: The value.
        is_secret: Whether to hide every text in the value.
    """
    if isinstance(value, Mapping):
        items = cast("Mapping[str, object]", value).items()
        return {key: hidden(each, is_secret=is_secret or _SECRET.search(key) is not None) for key, each in items}
    if isinstance(value, list):
        return [hidden(each, is_secret=is_secret) for each in cast("list[object]", value)]
    return _HIDDEN if isinstance(value, str) and (is_secret or _LIKE_SECRET.search(value)) else value
