"""Trees of any depth are decoded with all checks that other responses have."""

from __future__ import annotations

import json
import sys
from typing import Any, Final
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async import DecodeError, TenantTree
from frontegg_async._core.codec import tree_reader, unreadable_values
from frontegg_async._core.codec.reader import decode
from frontegg_async._core.codec.rows import MISSING, Missing
from frontegg_async._core.http.decompression import MAX_BODY
from frontegg_async.models import TreeNode
from tests.core.trees import MOMENT, deep_body, nested, node_row, walks, wide_body


def _tree(body: bytes | dict[str, Any]) -> TenantTree:
    value = decode(body if isinstance(body, bytes) else json.dumps(body).encode(), TenantTree)
    assert isinstance(value, TenantTree), value
    return value


def _refusal(body: bytes | dict[str, Any]) -> str:
    value = decode(body if isinstance(body, bytes) else json.dumps(body).encode(), TenantTree)
    assert isinstance(value, DecodeError), value
    assert value.details.reason == "decode"
    return value.paths[0]


def test_a_tree() -> None:
    """Nodes in order, with their fields; fields that are not known survive."""
    body = node_row("a", status="active", children=[node_row("b", seats=3, x={"y": [1, None]}), node_row("c")])
    tree = _tree(body)
    assert [(place.node.tenant_id, place.depth) for place in tree.walk()] == [("a", 0), ("b", 1), ("c", 1)]
    assert tree.root.status == "active"
    assert tree.root.created_at is not None
    assert tree.root.created_at.year == 2024
    assert [dict(node.extra) for node in tree] == [{}, {"seats": 3, "x": {"y": [1, None]}}, {}]


@pytest.mark.parametrize("body", [b"null", b"[]", b"{}", b" [ ] ", b"\n{ }\n"])
def test_no_tree(body: bytes) -> None:
    """The shapes that say that there is nothing."""
    assert decode(body, TenantTree) is MISSING


@pytest.mark.parametrize(
    "text",
    [
        '{"tenantId":"a"}',
        '{"tenantId":"a","children":null}',
        '{"children":[],"tenantId":"a"}',
        ' { "children" : [ ] , "tenantId" : "a" } ',
        '{"children":[ \n ],"tenantId":"a","x":[],"y":{},"z":[{"children":[{"tenantId":"q"}]}]}',
        r'{"tenantId":"a","x":"\"children\":[{","y":"]}","z":"\\"}',
        r'{"tenantId":"\u0061","children":[]}',
        '{"tenantId":"a","x":"children","y":{"children":[1,[2]]}}',
    ],
)
def test_forms_of_one_node(text: str) -> None:
    """Children may be missing, first or spread; what looks like structure in texts and values is none."""
    tree = _tree(text.encode())
    assert (len(tree), tree.tenant_id) == (1, "a")
    known = {"tenantId", "children"}
    assert tree.root.extra == {name: value for name, value in json.loads(text).items() if name not in known}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("", "$: expected JSON"),
        ("x", "$: expected JSON"),
        ("<html>", "$: expected JSON"),
        ('"text that is long enough to be no short answer that says that there is nothing"', "$: expected JSON"),
        ("5", "$: expected JSON"),
        ('[{"tenantId":"a"}]', "$: expected object, got list"),
        ("]}", "$: expected JSON"),
        (" " * 80 + "]}", "$: expected JSON"),
        (" " * 80 + '"children":[{"tenantId":"a"}]', "$: expected JSON"),
        ('"children":[{"tenantId":"a"}]', "$: expected JSON"),
        ('{"tenantId":"a"}{"tenantId":"b"}', "$: expected JSON"),
        ('{"tenantId":"a"} x', "$: expected JSON"),
        ('x {"tenantId":"a"}', "$: expected JSON"),
        ('{"tenantId":"a"', "$: expected JSON"),
        ('{"tenantId":"a","children":[', "$: expected JSON"),
        ('{"tenantId":"a","children":[{"tenantId":"b"}}', "$: expected JSON"),
        ('{"tenantId":"a","children":[{"tenantId":"b"]]', "$: expected JSON"),
        ('{"tenantId":"a","children":[{"tenantId":"b"} {"tenantId":"c"}]}', "$: expected JSON"),
        ('{"tenantId":"a","children":[{"tenantId":"b"},]}', "$: expected JSON"),
        ('{"tenantId":"a","children":[-{"tenantId":"b"}]}', "$: expected JSON"),
        ('{"tenantId":"a","children":[{"tenantId":"b"}5]}', "$: expected JSON"),
        ('{"tenantId":"a","children":[{"tenantId":"b"}.0]}', "$: expected JSON"),
        ('{"tenantId":"a","x":[1}, "children":[]}', "$: expected JSON"),
        ('{"tenantId":"a","x":"unclosed}', "$: expected JSON"),
        ('{"tenantId":"a","x":NaN}', "$: expected JSON"),
        ('{"tenantId":"a","children":[{"tenantId":"b","x":1e400}]}', "$: expected JSON"),
        ('{"children":[]}', "$.tenantId: is missing"),
        ('{"tenantId":5}', "$.tenantId: expected str, got int"),
        ('{"tenantId":"a","children":[{"tenantId":"b"},{"tenantId":null}]}', "$.children[1].tenantId: expected str"),
        ('{"tenantId":"a","children":{"errors":["b"]}}', "$.children[0].tenantId: is missing"),
        ('{"tenantId":"a","children":{"tenantId":5}}', "$.children[0].tenantId: expected str, got int"),
        ('{"tenantId":"a","children":{"tenantId":"b"', "$: expected JSON"),
        ('{"tenantId":"a","children":{"tenantId":"b"]}', "$: expected JSON"),
        ('{"tenantId":"a","children":{"tenantId":"b"} {"tenantId":"c"}}', "$: expected JSON"),
        ('{"tenantId":"a","children":{"tenantId":"b"},{"tenantId":"c"}}', "$: expected JSON"),
        ('{"tenantId":"a","children":-{"tenantId":"b"}}', "$: expected JSON"),
        ('{"tenantId":"a","children":{"tenantId":"b"}5}', "$: expected JSON"),
        ('{"tenantId":"a","children":["children":{"tenantId":"b"}]}', "$: expected JSON"),
        ('{"tenantId":"a","children":{"tenantId":"a"}}', "$.children[0].tenantId: is the id of another node too"),
        (
            '{"tenantId":"a","children":{"tenantId":"b"},"children":{"tenantId":"c"}}',
            "$.children: is given twice",
        ),
        ('{"tenantId":"a","children":{"tenantId":"b"},"children":[{"tenantId":"c"}]}', "$.children: is given twice"),
        ('{"tenantId":"a","children":{"tenantId":"b"},"children":[null]}', "$.children: is given twice"),
        ('{"tenantId":"a","children":{"tenantId":"b"},"children":{}}', "$.children: expected array of nodes"),
        ('{"tenantId":"a","children":{"tenantId":"b"},"children":null}', "$.children: expected array of nodes"),
        ('{"tenantId":"a","children":{"tenantId":"b"},"children":5}', "$.children: expected array of nodes"),
        (r'{"tenantId":"a","\u0063hildren":{"tenantId":"b"}}', "$.children: expected array of nodes"),
        ('{"tenantId":"a","children":[null]}', "$.children: expected array of nodes"),
        ('{"tenantId":"a","children":[null,{"tenantId":"b"}]}', "$.children: expected array of nodes"),
        ('{"tenantId":"a","children":[["b"]]}', "$.children: expected array of nodes"),
        ('{"tenantId":"a","children":[[{"tenantId":"b"}]]}', "$.children: expected array of nodes"),
        ('{"tenantId":"a","children":[{"tenantId":"b","children":["c"]}]}', "$.children[0].children: expected array"),
        (r'{"tenantId":"a","\u0063hildren":[{"tenantId":"b"}]}', "$.children: expected array of nodes"),
        ('{"tenantId":"a","children":[{"tenantId":"b"}],"children":[{"tenantId":"c"}]}', "$.children: is given twice"),
        ('{"tenantId":"a","tenantId":"b"}', "$.tenantId: given twice"),
        (r'{"tenantId":"a","children":[{"tenantId":"b","tenantI\u0064":"c"}]}', "$.tenantId: given twice"),
        ('{"tenantId":"a","children":[{"tenantId":"a"}]}', "$.children[0].tenantId: is the id of another node too"),
        (
            '{"tenantId":"a","children":[{"tenantId":"b"},{"tenantId":"c","children":[{"tenantId":"b"}]}]}',
            "$.children[1].children[0].tenantId: is the id of another node too",
        ),
    ],
)
def test_what_is_no_tree(text: str, path: str) -> None:
    """It is refused with the place, and without a value of it."""
    assert _refusal(text.encode()).startswith(path)


@pytest.mark.parametrize("children", ["b", "", 5, 0, False, True, 1.5, {}])
def test_children_that_are_none(monkeypatch: pytest.MonkeyPatch, children: object) -> None:
    """A node with them is a leaf that keeps them; it is told once, wherever they are."""
    monkeypatch.setattr(unreadable_values, "_warned", set())
    below = {"tenantId": "b", "children": children}
    collected = unreadable_values.PendingWarnings(is_held=True)
    with unreadable_values.collected_in(collected):
        for node in (below, {"tenantId": "a", "children": [below, {"tenantId": "c"}]}, {"tenantId": "a"} | below):
            tree = _tree(json.dumps(node, indent=1).encode())
            assert {each.tenant_id: dict(each.extra) for each in tree if each.extra} == {"b": {"children": children}}
            assert len(tree) == len(json.dumps(node).split("tenantId")) - 1
    (told,) = collected._messages.values()
    assert told.startswith(
        f"TreeNode.children cannot be read: the service sent a value of type {type(children).__name__}. "
    )
    assert "extra['children'] has the value" in told


@pytest.mark.parametrize("children", [None, []])
def test_no_children(monkeypatch: pytest.MonkeyPatch, children: object) -> None:
    """Null and an empty array say that there are none, which is no news."""
    monkeypatch.setattr(unreadable_values, "_warned", set())
    tree = _tree({"tenantId": "a", "children": children, "new": 1})
    assert [dict(node.extra) for node in tree] == [{"new": 1}]
    assert unreadable_values._warned == set()


def _alone(node: dict[str, Any]) -> dict[str, Any]:
    """Return a node in which an only child stands alone, at every level."""
    pending = [node]
    while pending:
        each = pending.pop()
        below = each["children"]
        pending += below
        if len(below) == 1:
            each["children"] = below[0]
    return node


@given(walks(15), st.sampled_from((None, 1)), st.booleans())
def test_one_node_may_stand_for_an_array(parents: list[int], indent: int | None, keeps_more: bool) -> None:
    """At every level, with what it has beside its id, and whatever stands before and behind it."""
    more = {"x": {"children": {"tenantId": "q"}}, "y": "children"} if keeps_more else {}

    def body(*, is_alone: bool) -> bytes:
        whole = nested(parents, [node_row(f"t{n}", **more) for n in range(len(parents))])
        return json.dumps(_alone(whole) if is_alone else whole, indent=indent).encode()

    assert _tree(body(is_alone=True)) == _tree(body(is_alone=False))


@pytest.mark.slow
def test_many_levels_of_one_node() -> None:
    """As deep as arrays may be, and no deeper."""
    levels = 10_000
    assert _tree(_chain(levels)).depth == levels - 1
    assert _refusal(_chain(tree_reader.MAX_LEVELS + 2)) == f"$: expected at most {tree_reader.MAX_LEVELS} levels"


def _chain(levels: int) -> bytes:
    texts = [b'{"tenantId":"t%d","children":' % level for level in range(levels)]
    return b"".join(texts) + b"{}" + b"}" * levels


def test_what_is_no_utf8() -> None:
    """As in any other response."""
    assert _refusal(b'{"tenantId":"\xff"}') == "$: expected JSON"
    assert _refusal(b'{"tenantId":"\\ud800"}') == "$: expected JSON"


def test_a_place_in_the_depth_is_short() -> None:
    """Of the path to a deep node there are the beginning and the end."""
    body = deep_body(5_000).replace(b'"tenantId": "t4999"', b'"tenantId": "t7"')
    path = _refusal(body)
    middle = "...(4991 levels)"
    assert path == f"${'.children[0]' * 4}{middle}{'.children[0]' * 4}.tenantId: is the id of another node too"
    assert _refusal(body.replace(b'"t7"', b"7")).startswith("$.children[0].children[0]")


@pytest.mark.slow
def test_deep() -> None:
    """Ten thousand levels, far more than any parser nests."""
    levels = 10_000
    body = deep_body(levels, status="x", other={"a": [1]})
    with pytest.raises(RecursionError):
        json.loads(body)
    limit = sys.getrecursionlimit()
    tree = _tree(body)
    assert sys.getrecursionlimit() == limit
    assert (len(tree), tree.depth) == (levels, levels - 1)
    assert all(node.extra == {"other": {"a": [1]}} for node in tree)


@pytest.mark.slow
def test_wide() -> None:
    """A hundred thousand children, in a body that is still read."""
    body = wide_body(100_000)
    assert len(body) < MAX_BODY
    tree = _tree(body)
    assert len(tree.children("t0")) == 100_000


@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b"[" * 500_000, "$: expected object, got list"),
        (b'{"a":' * 500_000, "$: has a value nested deeper than 128 levels"),
        (b'{"tenantId":"a","x":' + b"[" * 129 + b"]" * 129 + b"}", "$: has a value nested deeper than 128 levels"),
        (
            b'{"tenantId":"a","children":[{"tenantId":"b","x":' + b'{"children":[' * 100 + b"]}" * 100 + b"}]}",
            "$.children[0]: has a value nested deeper than 128 levels",
        ),
        (b'{"children":[' * 30_000, f"$: expected at most {tree_reader.MAX_LEVELS} levels"),
        (b'{"children":[' * 1_000_000, "$: expected at most 524288 arrays and objects"),
        (b'{"children":[' + b"{}," * 300_000, f"$: expected at most {tree_reader.MAX_NODES} nodes"),
        (b'{"x":"' + b'a","' * 300_000, "$: expected JSON"),
        (b'{"x":"' + b'a","' * 1_000_000, "$: expected rows of at most 2 MiB"),
        (b'{"x":"' + b"\\a" * 1_000_000, "$: expected JSON"),
        (b'{"x":["' + b'a","' * 1_000_000 + b'"]}', "$"),
        (b'{"children"' + b" " * 1_000_000, "$: expected JSON"),
        (b'{"x":' + b"7" * 1_000_000 + b"}", "$: expected JSON"),
    ],
    ids=range(13),
)
def test_hostile_bodies(body: bytes, path: str) -> None:
    """Whatever is large or deep in a place where a tree is not is refused, in time that grows with the body alone."""
    assert _refusal(body).startswith(path)


def test_values_that_are_deep_enough() -> None:
    """What a node may hold beside its children is as deep as what a write may send."""
    tree = _tree(b'{"tenantId":"a","x":' + b"[" * 128 + b"]" * 128 + b"}")
    assert list(tree.root.extra) == ["x"]


_VALUES: Final = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4) | st.just("children"), inner),
    max_leaves=6,
)
_EXTRAS: Final = st.dictionaries(st.sampled_from(("x", 'q"', "a\\", "ключ", "{", "children ")), _VALUES, max_size=3)


@given(st.data(), walks(15), st.booleans(), st.sampled_from((None, 1)))
def test_any_tree(data: st.DataObject, parents: list[int], ascii_only: bool, indent: int | None) -> None:
    """Any tree with any other values in its nodes comes back as it was, however it is written."""
    extras = [data.draw(_EXTRAS) for _ in parents]
    names = [data.draw(st.none() | st.text(max_size=8)) for _ in parents]
    rows: list[dict[str, Any]] = [
        {"tenantId": f"t{n}", "tenantName": name, **extra}
        for n, (name, extra) in enumerate(zip(names, extras, strict=True))
    ]
    body = json.dumps(nested(parents, rows), ensure_ascii=ascii_only, indent=indent)
    tree = _tree(body.encode())
    positions = {node.tenant_id: place for place, node in enumerate(tree)}
    assert [node.tenant_id for node in tree] == [f"t{n}" for n in range(len(parents))]
    assert [node.tenant_name for node in tree] == names
    assert [dict(node.extra) for node in tree] == extras
    above = [tree.parent_of(node.tenant_id) for node in tree]
    assert [-1 if node is None else positions[node.tenant_id] for node in above] == parents


@given(st.data(), walks(6))
def test_any_damage(data: st.DataObject, parents: list[int]) -> None:
    """A text with bytes cut out, put in or changed is read as `json` reads it, or refused."""
    rows = [{"tenantId": f"t{n}", "x": {"y": [n]}} for n in range(len(parents))]
    body = bytearray(json.dumps(nested(parents, rows)).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(body)))
        end = data.draw(st.integers(start, min(len(body), start + 5)))
        body[start:end] = data.draw(
            st.sampled_from(
                [b"", b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"0", b"\xff", b"null", b'"children":[']
            )
        )
    value = decode(bytes(body), TenantTree)
    if isinstance(value, TenantTree):
        pending = [json.loads(bytes(body))]
        ids: list[str] = []
        while pending:
            node = pending.pop()
            ids.append(node["tenantId"])
            pending.extend(reversed(node.get("children") or []))
        assert [node.tenant_id for node in value] == ids
    elif value is not MISSING:
        assert isinstance(value, DecodeError)


def _cut(body: bytes) -> TenantTree | Missing | DecodeError:
    """Read a tree by the path that takes everything."""
    with patch.object(tree_reader, "read", lambda _: None):
        return decode(body, TenantTree)


def test_expected_trees_are_not_cut() -> None:
    """Nodes with known fields, whether they are many or few, and whatever they leave out."""
    wide = wide_body(5_000)
    assert tree_reader.read(wide) == _cut(wide)
    bushy = json.dumps(nested([(n - 1) // 5 for n in range(8_000)], [node_row(f"t{n}") for n in range(8_000)])).encode()
    assert len(bushy) > 4 * tree_reader._PIECE
    assert tree_reader.read(bushy) == _cut(bushy)
    forms = b'{"children":[{"tenantId":"b","status":null},{"children":null,"tenantId":"c"}],"tenantId":"a"}'
    found = tree_reader.read(forms)
    assert found is not None
    assert found == _cut(forms)
    assert [dict(node.extra) for node in found] == [{}, {}, {}]
    assert [type(node) for node in found] == [TreeNode] * 3


@pytest.mark.parametrize(
    "body",
    [
        rb'{"tenantId":"\u0061"}',
        rb'{"tenantId":"a","tenant\u0049d":"b"}',
        b'{"tenantId":"a","tenantId":"b"}',
        b'{"tenantId":"a","children":[{"tenantId":"b"}],"children":[{"tenantId":"c"},{"tenantId":"d"}]}',
        b'{"tenantId":"a","children":[{"tenantId":"b","tenantId":"c"},{"tenantId":"d"}]}',
        b'{"tenantId":"a","children":[{"tenantId":"a"}]}',
        b'{"tenantId":"a","seats":3}',
        b'{"tenantId":"a","children":[null]}',
        b'{"tenantId":"a","children":{}}',
        b'{"tenantId":"a","createdAt":"2024-05-01T10:00:00"}',
        b'{"tenantId":"a"} x',
        b'{"tenantId":"a","tenantName":"\xff"}',
        deep_body(3_000),
        deep_body(20, tenantName="x" * 200_000),
        b'{"tenantId":"a","children":[' + b'{"tenantId":"b"},' * tree_reader.MAX_NODES + b'{"tenantId":"b"}]}',
        b'{"tenantId":"a","children":[' + b"0," * 300_000 + b"0]}",
        b'{"tenantId":"a","children":[' + b"{}," * 300_000 + b"{}]}",
    ],
    ids=range(17),
)
def test_others_are_cut(body: bytes) -> None:
    """What is odd, wrong, deep or too much is for the path that says where."""
    assert tree_reader.read(body) is None


@st.composite
def _bodies(draw: st.DrawFn) -> bytes:
    """Draw the text of a tree with known fields, some of them left out."""
    parents = draw(walks(12))
    rows: list[dict[str, Any]] = [
        {
            "tenantId": f"t{n}",
            **draw(st.fixed_dictionaries({}, optional={"tenantName": st.none() | st.text(max_size=5)})),
            **draw(st.fixed_dictionaries({}, optional={"createdAt": st.none() | st.just(MOMENT)})),
        }
        for n in range(len(parents))
    ]
    nested(parents, rows)
    for row in rows:
        if not row["children"] and draw(st.booleans()):
            del row["children"]
    return json.dumps(rows[0], ensure_ascii=False).encode()


@given(_bodies(), st.integers(0, 400))
def test_both_paths_agree(body: bytes, piece: int) -> None:
    """On trees as they come, in pieces of any size."""
    with patch.object(tree_reader, "_PIECE", piece):
        found = tree_reader.read(body)
    assert found is None or found == _cut(body)
    if piece > len(body) and b"\\u" not in body:
        assert found is not None


@given(_bodies(), st.data(), st.integers(0, 400))
def test_both_paths_agree_on_damage(whole: bytes, data: st.DataObject, piece: int) -> None:
    """What the fast path takes, the other takes for the same."""
    body = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(body)))
        end = data.draw(st.integers(start, min(len(body), start + 12)))
        part = data.draw(st.integers(0, len(whole)))
        body[start:end] = data.draw(
            st.sampled_from(
                [b"", b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"null", b'"children":[', b'"tenantId":"t1",']
            )
            | st.just(whole[part : part + 30])
        )
    with patch.object(tree_reader, "_PIECE", piece):
        found = tree_reader.read(bytes(body))
    assert found is None or found == _cut(bytes(body))
