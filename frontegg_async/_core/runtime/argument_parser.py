"""`ArgumentParser`: the parser of argparse, which escapes control characters in its errors."""

from __future__ import annotations

import argparse
from typing import NoReturn

from frontegg_async._values.printable import printable


class ArgumentParser(argparse.ArgumentParser):
    """Parses the arguments of a program."""

    def error(self, message: str) -> NoReturn:
        """End the program with a message in which control characters of arguments are escaped."""
        super().error(printable(message))
