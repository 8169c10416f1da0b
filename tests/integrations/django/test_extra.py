"""Without Django."""

from __future__ import annotations

import subprocess
import sys


def test_the_extra_is_named() -> None:
    """Whoever imports the integration is told what to install; the SDK itself does not need it."""
    code = """
import sys
sys.modules["django"] = None
import frontegg_sync
try:
    import frontegg_sync.integrations.django
except frontegg_sync.MissingExtraError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("this integration needs Django: pip install 'frontegg-async[django]'\n", "")
