"""SQL conditions, for both stores, that decide whether one row creates the object that another row depends on.

In the conditions, row ``p`` creates the object, and row ``i`` depends on the object. The key of ``p`` is the parent of
``i``. If ``p`` creates an object within a tenant, ``i`` depends on ``p`` only if ``i`` writes the same object.
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
"""The name of the missing object in messages."""

IN_POSTGRES: Final = (
    "(coalesce(p.operation, 'create') = 'create' OR p.operation = 'create_object'"
    " AND convert_from(p.input, 'UTF8')::json ->> 'part' = convert_from(i.input, 'UTF8')::json ->> 'part'"
    " AND convert_from(p.input, 'UTF8')::json ->> 'object' = convert_from(i.input, 'UTF8')::json ->> 'object')"
)
NAME_IN_POSTGRES: Final = (
    "CASE p.operation WHEN 'create_object' THEN convert_from(i.input, 'UTF8')::json ->> 'object'"
    " ELSE 'the tenant ' || i.parent END"
)
"""The name of the missing object in messages."""
