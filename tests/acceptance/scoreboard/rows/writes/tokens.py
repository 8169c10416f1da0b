"""The writes on API tokens and access tokens, with the credentials of an environment and of users."""

from __future__ import annotations

from typing import Final

from frontegg_async.endpoints import access_tokens, api_tokens
from tests.acceptance.scoreboard.rows.writes.environment_state import METADATA, Ground, Plan, Write, field_of


def _create_token(*, of_user: bool) -> Plan:
    def plan(ground: Ground, mark: str) -> Write:
        home, metadata = ground.home, ground.rng.choice([each for each in METADATA if isinstance(each, dict)])
        return Write(
            endpoints=(api_tokens.CREATE,),
            form="by a user" if of_user else "",
            call=lambda sides, options: (sides.user if of_user else sides.frontegg.for_tenant(home)).api_tokens.create(
                description=mark, metadata=metadata, options=options
            ),
            shown=lambda after: after.count("apiTokens", "description", mark) == 1,
            made=lambda after: after.count("apiTokens", "description", mark),
            returned=lambda made, after: field_of(after, "apiTokens", made.client_id, "description") == mark,
        )

    return plan


def _update_token(*, of_user: bool) -> Plan:
    def plan(ground: Ground, mark: str) -> Write:
        home, client_id = ground.home, ground.api_token(f"emu_{mark}", ground.home)
        metadata = ground.rng.choice([each for each in METADATA if isinstance(each, dict)])
        return Write(
            endpoints=(api_tokens.UPDATE,),
            form="by a user" if of_user else "",
            call=lambda sides, options: (sides.user if of_user else sides.frontegg.for_tenant(home)).api_tokens.update(
                client_id, description=mark, metadata=metadata, role_ids=["r2", "r1"], options=options
            ),
            shown=lambda after: field_of(after, "apiTokens", client_id, "description") == mark,
        )

    return plan


def _delete_token(*, of_user: bool) -> Plan:
    def plan(ground: Ground, mark: str) -> Write:
        home, client_id = ground.home, ground.api_token(f"emu_{mark}", ground.home)
        return Write(
            endpoints=(api_tokens.DELETE,),
            form="by a user" if of_user else "",
            call=lambda sides, options: (sides.user if of_user else sides.frontegg.for_tenant(home)).api_tokens.delete(
                client_id, options=options
            ),
            shown=lambda after: after.row("apiTokens", client_id) is None,
        )

    return plan


def _create_user_token(ground: Ground, mark: str) -> Write:
    home, user_id = ground.home, ground.user(f"user-{mark}", ground.home)
    return Write(
        endpoints=(api_tokens.CREATE_OF_USER,),
        call=lambda sides, options: sides.frontegg.user_api_tokens.create(
            user_id, tenant_id=home, description=mark, options=options
        ),
        shown=lambda after: after.count("apiTokens", "description", mark) == 1,
        made=lambda after: after.count("apiTokens", "description", mark),
        returned=lambda made, after: field_of(after, "apiTokens", made.client_id, "description") == mark,
    )


def _create_own_token(_ground: Ground, mark: str) -> Write:
    return Write(
        endpoints=(api_tokens.CREATE_OF_USER,),
        form="by a user",
        call=lambda sides, options: sides.user.personal_api_tokens.create(description=mark, options=options),
        shown=lambda after: after.count("apiTokens", "description", mark) == 1,
        made=lambda after: after.count("apiTokens", "description", mark),
        returned=lambda made, after: field_of(after, "apiTokens", made.client_id, "description") == mark,
    )


def _delete_user_token(ground: Ground, mark: str) -> Write:
    home, user_id = ground.home, ground.user(f"user-{mark}", ground.home)
    client_id = ground.api_token(f"emu_{mark}", home, user_id)
    return Write(
        endpoints=(api_tokens.DELETE_OF_USER,),
        call=lambda sides, options: sides.frontegg.user_api_tokens.delete(
            user_id, client_id, tenant_id=home, options=options
        ),
        shown=lambda after: after.row("apiTokens", client_id) is None,
    )


def _create_access_token(*, of_user: bool) -> Plan:
    def plan(ground: Ground, mark: str) -> Write:
        home = ground.home
        return Write(
            endpoints=(access_tokens.CREATE,),
            form="by a user" if of_user else "",
            call=lambda sides, options: (
                sides.user if of_user else sides.frontegg.for_tenant(home)
            ).access_tokens.create(description=mark, options=options),
            shown=lambda after: after.count("access_token", "description", mark) == 1,
            made=lambda after: after.count("access_token", "description", mark),
            returned=lambda made, after: field_of(after, "access_token", made.id, "description") == mark,
        )

    return plan


def _delete_access_token(*, of_user: bool) -> Plan:
    def plan(ground: Ground, mark: str) -> Write:
        home, token_id = ground.home, ground.access_token(f"access-{mark}", ground.home)
        return Write(
            endpoints=(access_tokens.DELETE,),
            form="by a user" if of_user else "",
            call=lambda sides, options: (
                sides.user if of_user else sides.frontegg.for_tenant(home)
            ).access_tokens.delete(token_id, options=options),
            shown=lambda after: after.row("access_token", token_id) is None,
        )

    return plan


def _create_user_access_token(ground: Ground, mark: str) -> Write:
    home, user_id = ground.home, ground.user(f"user-{mark}", ground.home)
    return Write(
        endpoints=(access_tokens.CREATE_OF_USER,),
        call=lambda sides, options: sides.frontegg.user_access_tokens.create(
            user_id, tenant_id=home, description=mark, options=options
        ),
        shown=lambda after: after.count("access_token", "description", mark) == 1,
        made=lambda after: after.count("access_token", "description", mark),
        returned=lambda made, after: field_of(after, "access_token", made.id, "description") == mark,
    )


def _create_own_access_token(_ground: Ground, mark: str) -> Write:
    return Write(
        endpoints=(access_tokens.CREATE_OF_USER,),
        form="by a user",
        call=lambda sides, options: sides.user.personal_access_tokens.create(description=mark, options=options),
        shown=lambda after: after.count("access_token", "description", mark) == 1,
        made=lambda after: after.count("access_token", "description", mark),
        returned=lambda made, after: field_of(after, "access_token", made.id, "description") == mark,
    )


def _delete_user_access_token(ground: Ground, mark: str) -> Write:
    home, user_id = ground.home, ground.user(f"user-{mark}", ground.home)
    token_id = ground.access_token(f"access-{mark}", home, user_id)
    return Write(
        endpoints=(access_tokens.DELETE_OF_USER,),
        call=lambda sides, options: sides.frontegg.user_access_tokens.delete(
            user_id, token_id, tenant_id=home, options=options
        ),
        shown=lambda after: after.row("access_token", token_id) is None,
    )


_BOTH: Final = (_create_token, _update_token, _delete_token, _create_access_token, _delete_access_token)

PLANS: Final[tuple[Plan, ...]] = (
    *(plan(of_user=of_user) for plan in _BOTH for of_user in (False, True)),
    _create_user_token,
    _create_own_token,
    _delete_user_token,
    _create_user_access_token,
    _create_own_access_token,
    _delete_user_access_token,
)
