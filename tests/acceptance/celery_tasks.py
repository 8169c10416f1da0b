"""Tasks whose clients are made when this is imported, and used before the workers of the pool are forked."""

from __future__ import annotations

import os
from typing import Final

from celery import Celery
from celery.signals import worker_init

from frontegg_sync import Frontegg

_DIRECTORY: Final = os.environ["TASKS_DIRECTORY"]

app: Final = Celery("tasks", broker="filesystem://", backend=f"file://{_DIRECTORY}/results")
app.conf.update(
    broker_transport_options={
        "data_folder_in": f"{_DIRECTORY}/queue",
        "data_folder_out": f"{_DIRECTORY}/queue",
        "control_folder": f"{_DIRECTORY}/control",
        "polling_interval": 0.05,
    },
    broker_connection_retry_on_startup=True,
)
client: Final = Frontegg.from_env()


@worker_init.connect
def use(**_: object) -> None:
    """Make a call before the fork."""
    client.tenants.get("t1")


@app.task(name="ask")
def ask(number: int) -> dict[str, object]:
    """Make calls, and return what they returned."""
    created = client.tenants.create(tenant_id=f"n{number}", name=f"Number {number}")
    return {
        "read": client.tenants.get(created.tenant_id).name,
        "first": client.tenants.get("t1").name,
        "process": os.getpid(),
    }
