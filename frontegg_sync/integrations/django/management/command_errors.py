"""What a command says when a call of it failed."""

from __future__ import annotations

from django.core.management.base import CommandError

from frontegg_async.errors import ConnectionFailedError, FronteggError
from frontegg_sync.integrations.django.clients import get_client


def command_error(error: FronteggError) -> CommandError:
    """Return what ends a command in one line, without a traceback.

    Args:
        error: What a call raised.

    Returns:
        The error of Django's, with the place that could not be reached.
    """
    place = f", at {get_client().base_url.place}" if isinstance(error, ConnectionFailedError) else ""
    return CommandError(f"{error}{place}")
