"""`ArgumentParser`: that of Python, whose errors do nothing to a terminal."""

from __future__ import annotations

import argparse
from typing import NoReturn

from frontegg_async._values.printable import printable


class ArgumentParser(argparse.ArgumentParser):
    """Reads the arguments of a program."""

    def error(self, message: str) -> NoReturn:
        """End the program; tell what is wrong, with control characters of arguments as escapes."""
        super().error(printable(message))
