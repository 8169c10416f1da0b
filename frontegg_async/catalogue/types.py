"""What the modules of the catalogue consist of: `Noun`, `Method` and `Parameter`."""

from __future__ import annotations

from typing import Literal, TypeAlias

import attrs

Kind: TypeAlias = Literal["text", "document", "word", "integer", "number", "flag", "time", "json", "object"]
"""The kind of a value.

A ``document`` is text that is usually in a file, and a ``word`` is one of a few. Only programs have an ``object``, and
no command takes one.
"""

Returns: TypeAlias = Literal["none", "one", "many", "pages", "tree", "text", "json", "progress"]
"""What a method returns. ``one`` may be absent, and ``pages`` is a listing of any length."""

Client: TypeAlias = Literal["environment", "user"]
"""``environment`` for ``AsyncFrontegg``, and ``user`` for ``AsyncFronteggUser``."""


@attrs.frozen(kw_only=True)
class Parameter:
    """A parameter of a method. ``options`` and ``prefetch`` are not in the catalogue."""

    name: str
    """The name in Python."""
    kind: Kind
    """The kind of its value, or of each of its values."""
    about: str = ""
    """What it is, for operators."""
    words: tuple[str, ...] = ()
    """The words of the service, as ``createdAt``, where it takes one of a few."""
    by_position: bool = False
    """Whether the method takes it by position."""
    required: bool = False
    """Whether it must be given."""
    many: bool = False
    """Whether it takes any number of values."""
    clearable: bool = False
    """Whether it can be null, which clears what it sets."""
    secret: bool = False
    """Whether its value is a secret."""
    default: str = ""
    """The value that is used without it, as text; empty for none."""
    option: str = ""
    """The name of the option, without hyphens before it, where it is not that of the parameter."""
    example: str = ""
    """A value for examples; empty where none is needed."""
    in_example: bool = False
    """Whether an example needs it although it is not required."""

    @property
    def flag(self) -> str:
        """The option for it, as ``--tenant-id``."""
        return f"--{self.option or dashed(self.name)}"


@attrs.frozen(kw_only=True)
class Method:
    """A public method of a client."""

    path: str
    """The attributes that lead to it, as ``sso.domains.create``."""
    noun: str
    """The noun of its command, as ``sso domains``; that of a user's method begins with ``user``."""
    verb: str
    """The verb of its command."""
    about: str
    """What it does, for operators: the first paragraph."""
    details: tuple[str, ...] = ()
    """The paragraphs after it."""
    parameters: tuple[Parameter, ...] = ()
    """Its parameters, in order."""
    returns: Returns = "none"
    """What it returns."""
    model: str = ""
    """The name of the model that it returns or yields; empty for other values."""
    secret: str = ""
    """The field of the model that holds a secret; empty for none."""
    is_only_copy: bool = False
    """Whether no other response has that secret."""
    is_destructive: bool = False
    """Whether it deletes, locks or replaces something."""
    undone_by: str = ""
    """The path of the method that undoes it; empty where none does."""
    of_several: bool = False
    """Whether it changes several accounts: those of its parameter ``tenant_ids``."""
    action: str = ""
    """What it does, for a question: ``Delete``. Only destructive methods and those of several accounts have one."""
    thing: str = ""
    """What it does that to, for a question: ``role``."""
    operations: tuple[str, ...] = ()
    """The names of the operations that its documentation names."""
    evidence: str = ""
    """How the first of them is known."""
    in_view: bool = False
    """Whether the view of ``for_tenant(...)`` has it too, without the id of the tenant."""
    is_command: bool = True
    """Whether it is a command."""

    @property
    def name(self) -> str:
        """Its own name."""
        return self.path.rpartition(".")[2]

    @property
    def command(self) -> str:
        """Its command, without the name of the program."""
        return f"{self.noun} {self.verb}".strip()


@attrs.frozen(kw_only=True)
class Noun:
    """A resource of a client, with its methods and the resources within."""

    path: str
    """The attributes that lead to it, as ``sso.domains``."""
    name: str
    """The noun of its commands, without those before it."""
    about: str
    """What it is about, for operators."""
    thing: str
    """What questions call one of its things."""
    methods: tuple[Method, ...] = ()
    """Its methods, in the order of their definition."""
    nouns: tuple[Noun, ...] = ()
    """The resources within."""


def dashed(name: str) -> str:
    """Return the name of a command or of an option for that of an attribute."""
    return name.replace("_", "-")
