"""Typed stand-ins for Django's base classes, which have no types; at run time they are Django's own."""

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
            """Run when all apps are loaded."""

    class BaseCommand:
        """Django's ``django.core.management.base.BaseCommand``."""

        help: str
        stdout: TextIO

        def add_arguments(self, parser: ArgumentParser) -> None:
            """Add the command's arguments."""
else:
    from django.apps import AppConfig
    from django.core.management.base import BaseCommand
