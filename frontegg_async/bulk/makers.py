"""The condition by which a row of a ledger makes what another row depends on, in the SQL of both stores.

The row that makes it is ``p``, and the other one is ``i``; the key of ``p`` is the parent of ``i``. A row that creates
an object makes nothing for other rows of the same tenant, but for those about the same object.
"""

from __future__ import annotations

from typing import Final

IN_SQLITE: Final = (
    "(ifnull(p.operation, 'create') = 'create' OR p.operation = 'create_object'"
    " AND json_extract(p.input, '$.part', '$.object') = json_extract(i.input, '$.part', '$.object'))"
)
NAME_IN_SQLITE: Final = (
    "CASE p.operation WHEN 'create_object' THEN json_extract(i.input, '$.object') ELSE 'the tenant ' || i.parent END"
)
"""The thing that was not made, in words."""

IN_POSTGRES: Final = (
    "(coalesce(p.operation, 'create') = 'create' OR p.operation = 'create_object'"
    " AND convert_from(p.input, 'UTF8')::json ->> 'part' = convert_from(i.input, 'UTF8')::json ->> 'part'"
    " AND convert_from(p.input, 'UTF8')::json ->> 'object' = convert_from(i.input, 'UTF8')::json ->> 'object')"
)
NAME_IN_POSTGRES: Final = (
    "CASE p.operation WHEN 'create_object' THEN convert_from(i.input, 'UTF8')::json ->> 'object'"
    " ELSE 'the tenant ' || i.parent END"
)
"""The thing that was not made, in words."""
