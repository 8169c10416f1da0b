"""The types of the catalogue: `Noun`, `Method` and `Parameter`."""

from __future__ import annotations

from typing import Literal, TypeAlias

import attrs

Kind: TypeAlias = Literal["text", "document", "word", "integer", "number", "flag", "time", "json", "object"]
"""The kinds of values of parameters.

A ``document`` is text that is usually in a file. A ``word`` is one of a few words. Only programs can pass an
``object``: commands lack such parameters.
"""

Returns: TypeAlias = Literal["none", "one", "many", "pages", "tree", "text", "json", "progress"]
"""The kinds of return values. ``one`` is one object or ``None``, and ``pages`` is a listing of any length."""

Client: TypeAlias = Literal["environment", "user"]
"""The clients: ``environment`` for ``AsyncFrontegg``, ``user`` for ``AsyncFronteggUser``."""


@attrs.frozen(kw_only=True)
class Parameter:
    """A parameter of a method. The catalogue omits ``options`` and ``prefetch``."""

    name: str
    """The name of the parameter in Python."""
    kind: Kind
    """The kind of the value, or of each value if the parameter accepts several."""
    about: str = ""
    """The description for users of the command line."""
    words: tuple[str, ...] = ()
    """The allowed words in the service's spelling, such as ``createdAt``; empty for other kinds."""
    by_position: bool = False
    """Whether the command accepts the value without the name of an option."""
    required: bool = False
    """Whether the parameter is required."""
    many: bool = False
    """Whether the parameter accepts any number of values."""
    clearable: bool = False
    """Whether the value may be null, which clears the field."""
    secret: bool = False
    """Whether the value is a secret."""
    default: str = ""
    """The default value as text; empty without a default."""
    option: str = ""
    """The name of the option without hyphens, if it differs from the name of the parameter."""
    example: str = ""
    """A value for examples; empty if examples need none."""
    in_example: bool = False
    """Whether an example contains the parameter although the parameter is not required."""

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
    """The noun of the method's command, such as ``sso domains``.

    The noun of a method of the user's client begins with ``user``.
    """
    verb: str
    """The verb of the method's command."""
    about: str
    """The first paragraph of the description for users of the command line."""
    details: tuple[str, ...] = ()
    """The other paragraphs of the description."""
    parameters: tuple[Parameter, ...] = ()
    """The parameters of the method, in order."""
    returns: Returns = "none"
    """The kind of the method's return value."""
    model: str = ""
    """The name of the model that the method returns or yields; empty for other values."""
    secret: str = ""
    """The field of the model that contains a secret; empty if no field contains one."""
    is_only_copy: bool = False
    """Whether no other response contains the same secret."""
    is_destructive: bool = False
    """Whether the method deletes, locks or replaces something."""
    undone_by: str = ""
    """The path of the method that undoes this method; empty without such a method."""
    of_several: bool = False
    """Whether the method changes several accounts, whose ids are the argument ``tenant_ids``."""
    action: str = ""
    """The verb of the question that the command asks before it calls the method, such as ``Delete``.

    Only the commands of destructive methods and of methods for several accounts ask a question.
    """
    thing: str = ""
    """The object in the question, such as ``role``."""
    operations: tuple[str, ...] = ()
    """The names of the operations that the documentation of the method lists."""
    evidence: str = ""
    """The evidence mark of the first operation, such as ``documented``."""
    in_view: bool = False
    """Whether the object that ``for_tenant(...)`` returns has the same method, without the tenant's id."""
    is_command: bool = True
    """Whether the command line has a command for the method."""

    @property
    def name(self) -> str:
        """The name of the method, without the path of the resource."""
        return self.path.rpartition(".")[2]

    @property
    def command(self) -> str:
        """The command for the method, without the name of the program."""
        return f"{self.noun} {self.verb}".strip()


@attrs.frozen(kw_only=True)
class Noun:
    """A resource of a client, with its methods and the resources within it."""

    path: str
    """The path of the resource, such as ``sso.domains``."""
    name: str
    """The last word of the resource's noun, such as ``domains`` for ``sso domains``."""
    about: str
    """The description of the resource for users of the command line."""
    thing: str
    """The word that questions use for one object of the resource."""
    methods: tuple[Method, ...] = ()
    """The methods of the resource, in the order of their definition."""
    nouns: tuple[Noun, ...] = ()
    """The resources within this resource."""


def dashed(name: str) -> str:
    """Return the name of the command or option that belongs to an attribute."""
    return name.replace("_", "-")
