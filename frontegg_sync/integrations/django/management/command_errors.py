"""Turn an error of the SDK into the error of a command."""

from __future__ import annotations

from django.core.management.base import CommandError

from frontegg_async.errors import ConnectionFailedError, FronteggError
from frontegg_sync.integrations.django.clients import get_client


def command_error(error: FronteggError) -> CommandError:
    """Return the error that ends a command with one line and without a traceback.

    Args:
        error: The error that a call raised.

    Returns:
        Django's error; if the service is unreachable, with its address.
    """
    place = f", at {get_client().base_url.place}" if isinstance(error, ConnectionFailedError) else ""
    return CommandError(f"{error}{place}")
