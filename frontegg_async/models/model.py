"""`Model`: the base of the models, which become plain dicts and JSON text, and are read back from them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Literal, Self

from frontegg_async._values.value import Value


class Serializable(Value):
    """The base of all values that the operations return: they become plain dicts and JSON text."""

    __slots__ = ()

    def to_dict(self, *, mode: Literal["json", "python"] = "json", reveal: Iterable[str] = ()) -> dict[str, object]:
        """Return the fields as a plain dict, whose keys are the names of the attributes.

        Nested models are dicts too. Changing the dict does not change the model. ``extra`` is in it, with what this
        version does not know.

        Args:
            mode: ``json`` for values that JSON has: a time is text in the form of RFC 3339, a tuple is a list, a secret
                is ``None``. ``python`` keeps times, tuples, members of enumerations and each `Secret` as they are.
            reveal: The names of the secrets that shall be in the dict as text, as ``("secret",)``.

        Raises:
            InvalidArgumentError: The mode is another, or ``reveal`` has a name that is no secret of the model.
            TypeError: A field with a JSON value has something that JSON cannot hold.
        """
        from frontegg_async.models import to_plain  # noqa: PLC0415 - only for those who convert

        return to_plain.dict_of(self, mode, reveal)

    def to_json(self, *, reveal: Iterable[str] = ()) -> str:
        """Return the fields as a JSON object, with the content of ``to_dict()``.

        Args:
            reveal: The names of the secrets that shall be in the text, as ``("secret",)``.

        Raises:
            InvalidArgumentError: ``reveal`` has a name that is no secret of the model.
            TypeError: A field with a JSON value has something that JSON cannot hold.
        """
        return json.dumps(self.to_dict(reveal=reveal), ensure_ascii=False)


class Model(Serializable):
    """The base of the models: they become plain dicts and JSON text, and are read back from them."""

    __slots__ = ()

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Return the object for what ``to_dict()`` returned, in either mode.

        A secret that is null or missing is ``None``, also where the annotation has no ``None``. A time without an
        offset is in UTC. Unknown keys are kept in ``extra``, if the model has it, and ignored otherwise.

        Args:
            data: The names and values of the fields; those with a default may be missing. JSON values are copied.

        Raises:
            InvalidArgumentError: ``data`` is no mapping, a required field is missing, or a value has another type than
                its field; the message names the field and what is allowed.
        """
        from frontegg_async.models import from_plain  # noqa: PLC0415 - only for those who convert

        return from_plain.object_of(data, cls)
