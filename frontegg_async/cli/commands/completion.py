"""``frontegg completion``: the completion script of a shell."""

from __future__ import annotations

import sys
from typing import Final

import click
from click.shell_completion import get_completion_class

from frontegg_async.cli.command import Argument, Command
from frontegg_async.cli.failures import CommandError
from frontegg_async.cli.session import Session

_SHELLS: Final = ("bash", "zsh", "fish")


def completion(name: str) -> Command:
    """Return the command ``frontegg completion``.

    Args:
        name: The name of the command.
    """

    def run(_: Session, shell: str) -> int:
        kind = get_completion_class(shell)
        if kind is None:
            raise CommandError(f"there is no completion for {shell}")
        template = kind(click.Command("frontegg"), {}, "frontegg", "_FRONTEGG_COMPLETE")
        # Avoid source(), which runs the shell to find its version.
        sys.stdout.write(template.source_template % template.source_vars())
        return 0

    return Command(
        name,
        run,
        params=[Argument("shell", "bash, zsh or fish.", metavar="SHELL", type=click.Choice(_SHELLS))],
        help='Print the completion script of a shell.\n\nFor bash: eval "$(frontegg completion bash)" in ~/.bashrc; '
        'for zsh: eval "$(frontegg completion zsh)" in ~/.zshrc, after compinit; '
        "for fish: frontegg completion fish > ~/.config/fish/completions/frontegg.fish.",
        examples=("completion bash",),
    )
