"""The classes of Django's that classes here stand on. Django has no types, and what stands on them would have none."""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["AppConfig", "BaseCommand"]

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from typing import TextIO

    class AppConfig:
        """Django's ``django.apps.AppConfig``."""

        name: str
        label: str
        verbose_name: str

        def ready(self) -> None:
            """Is called when all apps are there."""

    class BaseCommand:
        """Django's ``django.core.management.base.BaseCommand``."""

        help: str
        stdout: TextIO

        def add_arguments(self, parser: ArgumentParser) -> None:
            """Say what the command takes."""
else:
    from django.apps import AppConfig
    from django.core.management.base import BaseCommand
