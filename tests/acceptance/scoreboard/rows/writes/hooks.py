"""The writes on webhooks and prehooks, with the credentials of an environment and of users."""

from __future__ import annotations

from typing import Any, Final

from frontegg_async.endpoints import prehooks, webhooks
from tests.acceptance.scoreboard.rows.writes.environment_state import Ground, Plan, Write, field_of

_THEN: Final = "2024-05-01T10:00:00.000Z"


def _url(mark: str) -> str:
    return f"http://127.0.0.1:9/{mark}"


def _hook(ground: Ground, table: str, mark: str, tenant_id: str = "", **fields: object) -> str:
    return ground.row(
        table,
        f"hook-{mark}",
        tenant_id,
        url=_url(f"before-{mark}"),
        secret="emu_hook",
        eventKeys=[_key(mark)],
        createdAt=_THEN,
        updatedAt=_THEN,
        **fields,
    )


def _key(mark: str) -> str:
    """An event of which there is one prehook at most."""
    return mark.upper()


def _of(home: str, sides: Any, *, of_user: bool) -> Any:
    """Return the webhooks of an account: the home of the batch that is planned, which is another one later."""
    return (sides.user if of_user else sides.frontegg.for_tenant(home)).webhooks


def _create(*, of_user: bool) -> Plan:
    def plan(ground: Ground, mark: str) -> Write:
        home = ground.home
        return Write(
            endpoints=(webhooks.CREATE,),
            form="by a user" if of_user else "",
            call=lambda sides, options: _of(home, sides, of_user=of_user).create(
                url=_url(mark), secret="emu_hook", event_keys=[f"frontegg.{mark}"], description="x", options=options
            ),
            shown=lambda after: after.count("webhooks", "url", _url(mark)) == 1,
            made=lambda after: after.count("webhooks", "url", _url(mark)),
            returned=lambda made, after: field_of(after, "webhooks", made.id, "url") == _url(mark),
        )

    return plan


def _update(*, of_user: bool) -> Plan:
    def plan(ground: Ground, mark: str) -> Write:
        home = ground.home
        hook = _hook(ground, "webhooks", mark, home)
        return Write(
            endpoints=(webhooks.UPDATE,),
            form="by a user" if of_user else "",
            call=lambda sides, options: _of(home, sides, of_user=of_user).update(
                hook, url=_url(mark), secret="emu_new", is_active=False, options=options
            ),
            shown=lambda after: field_of(after, "webhooks", hook, "url") == _url(mark),
        )

    return plan


def _delete(*, of_user: bool) -> Plan:
    def plan(ground: Ground, mark: str) -> Write:
        home = ground.home
        hook = _hook(ground, "webhooks", mark, home)
        return Write(
            endpoints=(webhooks.DELETE,),
            form="by a user" if of_user else "",
            call=lambda sides, options: _of(home, sides, of_user=of_user).delete(hook, options=options),
            shown=lambda after: after.row("webhooks", hook) is None,
        )

    return plan


def _redeliver(ground: Ground, mark: str) -> Write:
    hook = _hook(ground, "webhooks", mark)  # a webhook of the environment, whose id the client reads
    log = ground.row("webhookLogs", f"log-{mark}", "", at=_THEN, webhookId=hook, eventKey="former", body=f'"{mark}"')
    return Write(
        endpoints=(webhooks.REDELIVER,),
        call=lambda sides, options: sides.frontegg.webhooks.of_environment.redeliver(log, options=options),
        shown=lambda after: after.count("webhookLogs", "webhookId", hook) == 2,
        made=lambda after: after.count("webhookLogs", "webhookId", hook) - 1,
        returned=lambda made, after: field_of(after, "webhookLogs", made.id, "webhookId") == hook,
    )


def _test(ground: Ground, mark: str) -> Write:
    home = ground.home
    return Write(
        endpoints=(webhooks.TEST,),
        call=lambda sides, options: sides.frontegg.webhooks.test(
            home, url=_url(mark), secret="emu_hook", options=options
        ),
        shown=lambda after: after.count("webhookLogs", "url", _url(mark)) == 1,
        made=lambda after: after.count("webhookLogs", "url", _url(mark)),
        returned=lambda made, after: field_of(after, "webhookLogs", made.id, "url") == _url(mark),
    )


def _create_prehook(_ground: Ground, mark: str) -> Write:
    return Write(
        endpoints=(prehooks.CREATE,),
        call=lambda sides, options: sides.frontegg.prehooks.create(
            url=_url(mark), secret="emu_hook", event_keys=[_key(mark)], fail_method="open", options=options
        ),
        shown=lambda after: after.count("prehooks", "url", _url(mark)) == 1,
        made=lambda after: after.count("prehooks", "url", _url(mark)),
        returned=lambda made, after: field_of(after, "prehooks", made.id, "url") == _url(mark),
    )


def _update_prehook(ground: Ground, mark: str) -> Write:
    hook = _hook(ground, "prehooks", mark, failMethod="OPEN")
    return Write(
        endpoints=(prehooks.UPDATE,),
        call=lambda sides, options: sides.frontegg.prehooks.update(
            hook, url=_url(mark), fail_method="close", timeout=3, options=options
        ),
        shown=lambda after: field_of(after, "prehooks", hook, "url") == _url(mark),
    )


def _delete_prehook(ground: Ground, mark: str) -> Write:
    hook = _hook(ground, "prehooks", mark, failMethod="OPEN")
    return Write(
        endpoints=(prehooks.DELETE,),
        call=lambda sides, options: sides.frontegg.prehooks.delete(hook, options=options),
        shown=lambda after: after.row("prehooks", hook) is None,
    )


PLANS: Final[tuple[Plan, ...]] = (
    *(plan(of_user=of_user) for plan in (_create, _update, _delete) for of_user in (False, True)),
    _redeliver,
    _test,
    _create_prehook,
    _update_prehook,
    _delete_prehook,
)
