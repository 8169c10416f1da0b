"""Convert an error of the SDK to the error of a command."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from django.core.management.base import CommandError

from frontegg_async.errors import ConnectionFailedError, FronteggError, InvalidArgumentError
from frontegg_sync.integrations.django.clients import get_client

_ARGUMENT: Final = re.compile(r"[a-z_]+(?:\[\d+\])?")


def command_error(error: FronteggError, options: Mapping[str, str]) -> CommandError:
    """Return the error that ends a command with one line and without a traceback.

    Args:
        error: The error that a call raised.
        options: The options of the command, by the name of the call's argument.

    Returns:
        Django's error. If the service is unreachable, the message has its address.
    """
    if isinstance(error, InvalidArgumentError):
        return CommandError(
            _ARGUMENT.sub(lambda named: options.get(named[0].partition("[")[0], named[0]), str(error), 1)
        )
    place = f", at {get_client().base_url.place}" if isinstance(error, ConnectionFailedError) else ""
    return CommandError(f"{error}{place}")
