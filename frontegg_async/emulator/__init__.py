"""An emulator of the service: a server of its own, in process, or behind test fixtures.

``python -m frontegg_async.emulator`` runs it as a server; `Emulator` runs it in a program.
"""

from __future__ import annotations
