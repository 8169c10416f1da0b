"""The types of the catalogue: `Noun`, `Method` and `Parameter`."""

from __future__ import annotations

from typing import Literal, TypeAlias

import attrs

Kind: TypeAlias = Literal["text", "document", "word", "integer", "number", "flag", "time", "json", "object"]
"""The kinds of values.

A ``document`` is text that is usually in a file. A ``word`` is one of a few words. An ``object`` is only for programs,
and no command takes one.
"""

Returns: TypeAlias = Literal["none", "one", "many", "pages", "tree", "text", "json", "progress"]
"""The kinds of return values. ``one`` may be absent, and ``pages`` is a listing of any length."""

Client: TypeAlias = Literal["environment", "user"]
"""The clients: ``environment`` for ``AsyncFrontegg``, ``user`` for ``AsyncFronteggUser``."""


@attrs.frozen(kw_only=True)
class Parameter:
    """A parameter of a method. The catalogue omits ``options`` and ``prefetch``."""

    name: str
    """The name in Python."""
    kind: Kind
    """The kind of its value, or of each of its values."""
    about: str = ""
    """The description for operators."""
    words: tuple[str, ...] = ()
    """The words of the service, such as ``createdAt``, if the parameter takes one of a few words."""
    by_position: bool = False
    """Whether it is required."""
    required: bool = False
    """Whether it must be given."""
    many: bool = False
    """Whether it takes any number of values."""
    clearable: bool = False
    """Whether it may be null, which clears the field."""
    secret: bool = False
    """Whether its value is a secret."""
    default: str = ""
    """The default value as text; empty without a default."""
    option: str = ""
    """The name of the option without hyphens, if it differs from the name of the parameter."""
    example: str = ""
    """A value for examples; empty if examples need none."""
    in_example: bool = False
    """Whether an example needs it even if it is not required."""

    @property
    def flag(self) -> str:
        """The option for the parameter, such as ``--tenant-id``."""
        return f"--{self.option or dashed(self.name)}"


@attrs.frozen(kw_only=True)
class Method:
    """A public method of a client."""

    path: str
    """The path of the method, such as ``sso.domains.create``."""
    noun: str
    """The noun of its command, such as ``sso domains``. The noun of a user's method begins with ``user``."""
    verb: str
    """The verb of its command."""
    about: str
    """The first paragraph of the description for operators."""
    details: tuple[str, ...] = ()
    """The other paragraphs of the description."""
    parameters: tuple[Parameter, ...] = ()
    """Its parameters, in order."""
    returns: Returns = "none"
    """The kind of its return value."""
    model: str = ""
    """The name of the model that it returns or yields; empty for other values."""
    secret: str = ""
    """The field of the model that holds a secret; empty for none."""
    is_only_copy: bool = False
    """Whether no other response contains that secret."""
    is_destructive: bool = False
    """Whether it deletes, locks or replaces something."""
    undone_by: str = ""
    """The path of the method that undoes it; empty without such a method."""
    of_several: bool = False
    """Whether it changes several accounts, which its parameter ``tenant_ids`` names."""
    action: str = ""
    """The verb in its question, such as ``Delete``.

    Only destructive methods and methods for several accounts have a question.
    """
    thing: str = ""
    """The object in its question, such as ``role``."""
    operations: tuple[str, ...] = ()
    """The names of the operations in its documentation."""
    evidence: str = ""
    """The evidence for the first operation."""
    in_view: bool = False
    """Whether the view of ``for_tenant(...)`` also has it, without the id of the tenant."""
    is_command: bool = True
    """Whether it is a command."""

    @property
    def name(self) -> str:
        """The name of the method itself."""
        return self.path.rpartition(".")[2]

    @property
    def command(self) -> str:
        """The command of the method, without the name of the program."""
        return f"{self.noun} {self.verb}".strip()


@attrs.frozen(kw_only=True)
class Noun:
    """A resource of a client, with its methods and the resources within it."""

    path: str
    """The path of the resource, such as ``sso.domains``."""
    name: str
    """The name of the resource's commands, without the names before it."""
    about: str
    """The subject of the resource, for operators."""
    thing: str
    """The word for one object of the resource in questions."""
    methods: tuple[Method, ...] = ()
    """Its methods, in the order of their definition."""
    nouns: tuple[Noun, ...] = ()
    """The resources within."""


def dashed(name: str) -> str:
    """Return the name of a command or option for the name of an attribute."""
    return name.replace("_", "-")
