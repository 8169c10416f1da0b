"""Each fault of a file of accounts has its line and column, and all are reported at once."""

from __future__ import annotations

import codecs
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from frontegg_async.errors import FilesError, Outcome, Place
from frontegg_async.plans.files.accounts_files import read_accounts
from frontegg_async.plans.files.opening import AccountsSource
from frontegg_async.plans.files.places import MAX_ROW

ROW = b'{"tenant_id":"a",'
DEEP = 129
FAR = 100_000
NO_LIST = "the file must be a list of accounts, or a mapping with format: frontegg-environment/1"

JSON_LINES = {
    "an unknown field": (ROW + b'"metdata":{}}', ["1:18: unknown field 'metdata'; did you mean 'metadata'?"]),
    "a field like no other": (ROW + b'"zzz":{}}', ["1:18: unknown field 'zzz'"]),
    "an unknown setting": (
        ROW + b'"settings":{"time_zone":"x"}}',
        ["1:30: unknown field 'time_zone'; did you mean 'timezone'?"],
    ),
    "text that is none": (ROW + b'"name":3}', ["1:25: name must be text, not a number: write it with quotes"]),
    "a flag that is none": (ROW + b'"isLocked":"yes"}', ["1:29: is_locked must be true or false, not text"]),
    "settings that are none": (ROW + b'"settings":null}', ["1:29: settings must be a mapping, not null"]),
    "a setting that is no text": (
        ROW + b'"settings":{"loginUrl":[]}}',
        ["1:41: settings.login_url must be text, not a list"],
    ),
    "applications that are no list": (
        ROW + b'"applications":"Desk"}',
        ["1:33: applications must be a list of names, not text"],
    ),
    "an application without a name": (ROW + b'"applications":["D",""]}', ["1:38: applications[1] must not be empty"]),
    "no id": (b'{"name":"x"}', ["1:1: tenant_id is missing"]),
    "an empty id": (b'{"tenant_id":""}', ["1:14: tenant_id must not be empty"]),
    "an id with a space": (b'{"tenant_id":"a "}', ["1:14: tenant_id must not begin or end with white space"]),
    "a long id": (b'{"tenant_id":"%s"}' % (b"a" * 257), ["1:14: tenant_id must have at most 256 characters"]),
    "a parent that is none": (ROW + b'"parent_tenant_id":""}', ["1:37: parent_tenant_id must not be empty"]),
    "no row": (b"[]", ["1:1: a row must be a mapping with the fields of an account, not a list"]),
    "a field twice": (ROW + b'"name":"x","name":"x"}', ["1:29: the field 'name' occurs twice"]),
    "a key twice": (ROW + b'"metadata":{"a":{"b":1,"b":1}}}', ["1:41: the field 'b' occurs twice"]),
    "a field in both spellings": (
        ROW + b'"tenantId":"a"}',
        ["1:18: 'tenantId' is the field 'tenant_id', which occurs already: leave one out"],
    ),
    "no colon": ('{"tenant_id":"é",\t"x"}'.encode(), ["1:22: a colon is missing after the name of a field"]),
    "no comma": (b'{"tenant_id":"a" "b":1}', ["1:18: a comma or } is missing"]),
    "no comma in a list": (ROW + b'"metadata":[1 2]}', ["1:32: a comma or ] is missing"]),
    "a cut line": (ROW, ["1:18: the name of a field is missing: it must be text in double quotes"]),
    "more than a value": (b'{"tenant_id":"a"} x', ["1:19: the text continues after the JSON value"]),
    "no value": (ROW + b'"name":}', ["1:25: a value is missing"]),
    "a value of JavaScript": (ROW + b'"metadata":NaN}', ["1:29: NaN is not a JSON value"]),
    "a number out of range": (
        ROW + b'"name":3,"metadata":-1e999,"x":1e-9}',
        [
            "1:25: name must be text, not a number: write it with quotes",
            "1:38: metadata must be a finite number: JSON has no NaN and no infinity",
            "1:45: unknown field 'x'",
        ],
    ),
    "a number of many bits": (
        ROW + b'"metadata":[1,18446744073709551616]}',
        ["1:32: metadata.1 must be a whole number of at most 64 bits"],
    ),
    "a number of many digits": (ROW + b'"metadata":%s}' % (b"9" * 5_000), ["1:29: the number is out of range"]),
    "half a character": (
        ROW + b'"metadata":{"x":["\\ud800"]}}',
        ["1:35: metadata.x.0 has a lone surrogate, which is not valid Unicode text"],
    ),
    "a key with half a character": (
        ROW + b'"extra":{"\\ud800":1}}',
        ["1:27: a key of extra has a lone surrogate, which is not valid Unicode text"],
    ),
    "a NUL": (ROW + b'"name":"x\0"}', ["1:27: a text has a control character: write it as an escape, such as \\n"]),
    "bytes that are no text": (
        '{"tenant_id":"é","name":"'.encode() + b'\xff"}',
        ["1:26: the text is not UTF-8"],
    ),
    "an invalid escape": (ROW + b'"name":"\\x"}', ["1:26: a text has an invalid escape"]),
    "a text without an end": (ROW + b'"name":"x}', ["1:25: the text that begins here has no closing quote"]),
    "deep nesting": (
        ROW + b'"metadata":%s%s}' % (b"[" * DEEP, b"]" * DEEP),
        ["1:157: the row is nested deeper than 128 levels"],
    ),
    "very deep nesting": (ROW + b'"metadata":' + b"[" * FAR, ["1:157: the row is nested deeper than 128 levels"]),
    "a long line": (b"\n" + ROW + b'"name":"%s"}' % (b"x" * MAX_ROW), ["2:1: the row has more than 4,194,304 bytes"]),
    "another format": (
        ROW + b'"format":"frontegg-accounts/2"}',
        ["1:27: format must be 'frontegg-accounts/1', not 'frontegg-accounts/2'"],
    ),
    "an environment": (
        b'{"format":"frontegg-environment/1"}',
        ["1:11: an environment must be a mapping in a separate file, .json or .yml"],
    ),
    "people": (
        ROW + b'"users":{"ann@a.b":{"roles":["Admin",7],"nme":"Ann"},"Bob":null,"cyd@a.b":{},"Cyd@a.b":{}}}',
        [
            "1:46: roles must be a list of texts, not of 7",
            "1:58: unknown field 'nme'; did you mean 'name'?",
            "1:71: the key must be an e-mail address, such as someone@example.com",
            "1:77: the person must be a mapping of fields, not null: write {} to name no field",
            "1:95: 'cyd@a.b' and 'Cyd@a.b' are the same person: leave one out",
        ],
    ),
    "people that are no mapping": (
        ROW + b'"users":["ann@a.b"]}',
        ["1:26: users must be a mapping with the fields of each person, not a list"],
    ),
    "people that are null": (
        ROW + b'"users":null}',
        ["1:26: users must be a mapping with the fields of each person, not null"],
    ),
    "people of an account that is absent": (
        ROW + b'"absent":true,"users":{}}',
        ["1:27: absent: true removes the account, so the row must not have other fields: leave out users"],
    ),
    "an absent account with fields": (
        ROW + b'"absent":true,"name":"x","status":null,"metadata":{}}',
        [
            "1:27: absent: true removes the account, so the row must not have other fields: leave out metadata, status",
        ],
    ),
    "absent and no flag": (ROW + b'"absent":"true"}', ["1:27: absent must be true or false, not text"]),
    "an account twice": (
        ROW + b'"name":"x"}\n\n' + ROW + b'"name":"x"}',
        ["3:14: the account 'a' occurs twice, first at FILE:1:1"],
    ),
    "ids in two cases": (
        b'{"tenant_id":"b"}\n{"tenant_id":"B","created_at":"2026"}',
        ["2:14: the id 'B' differs from 'b', at FILE:1:1, only in upper or lower case or in Unicode form"],
    ),
    "ids in two forms": (
        '{"tenant_id":"é"}\n{"tenant_id":"e\u0301"}'.encode(),
        [
            "2:14: the id 'e\\u0301' differs from '\\xe9', at FILE:1:1, only in upper or lower case or in Unicode form",
        ],
    ),
    "its own parent": (ROW + b'"parentTenantId":"a"}', ["1:35: the parents form a circle: 'a' \u2192 'a'"]),
    "a circle of parents": (
        b"\n".join(
            b'{"parent_tenant_id":"%s","tenant_id":"%s"}' % pair
            for pair in ((b"b", b"x"), (b"c", b"b"), (b"d", b"c"), (b"b", b"d"), (b"f", b"e"), (b"e", b"f"))
        ),
        [
            "2:21: the parents form a circle: 'b' \u2192 'c' \u2192 'd' \u2192 'b'",
            "5:21: the parents form a circle: 'e' \u2192 'f' \u2192 'e'",
        ],
    ),
    "another encoding": (codecs.BOM_UTF16_LE + b"{", [": the file is UTF-16: save it as UTF-8"]),
}

JSON = {
    "an environment": (
        b'\n{"format":"frontegg-environment/1","roles":{}}',
        ["2:11: an environment must be a mapping in a separate file, .json or .yml"],
    ),
    "one account": (
        b'{"tenant_id":"a"}',
        ["1:1: " + NO_LIST],
    ),
    "faults of several items": (
        b'[\n {"tenant_id":"a",\n  "nam":3}, 3,\n  {"tenant_id": }]',
        [
            "3:3: unknown field 'nam'; did you mean 'name'?",
            "3:13: a row must be a mapping with the fields of an account, not a number",
            "4:17: a value is missing",
        ],
    ),
    "a field twice": (
        b'[{"tenant_id":"a","name":"x",\n"name":"x"},\n{"tenant_id":3}]',
        ["2:1: the field 'name' occurs twice", "3:14: tenant_id must be text, not a number: write it with quotes"],
    ),
    "no comma": (b'[{"tenant_id":"a"} {}]', ["1:20: a comma or ] is missing"]),
    "no item": (b'[{"tenant_id":"a"},]', ["1:20: a value is missing"]),
    "more than a list": (b"[] x", ["1:4: the text continues after the list"]),
    "no end": (b'[{"tenant_id":"a"}', ["1:19: a comma or ] is missing"]),
    "very deep nesting": (b"[" * FAR, ["1:131: the row is nested deeper than 128 levels"]),
    "a long row": (b'[\n{"x":"%s"}]' % (b"x" * MAX_ROW), ["2:1: the row has more than 4,194,304 bytes"]),
}

YAML = {
    "people": (
        (
            b"- tenant_id: a\n  users:\n    Ann@a.b:\n      roles: Admin\n"
            b"    ann@a.b: {absent: true, roles: [], name: A}\n    bob@a.b: {name: '', absent: 1}\n"
        ),
        [
            "4:14: roles must be a list, not text",
            "5:5: 'Ann@a.b' and 'ann@a.b' are the same person: leave one out",
            "5:23: absent: true removes the person, which must not have other fields: leave out roles",
            "6:21: name must not be empty",
            "6:33: absent must be true or false, not a number",
        ],
    ),
    "an unknown field": (
        b"- tenant_id: a\n  metdata: {}\n",
        ["2:3: unknown field 'metdata'; did you mean 'metadata'?"],
    ),
    "faults of several rows": (
        b"- tenant_id: a\n  name: 3\n  is_locked: maybe\n\n- {tenant_id: b, status: no,\n   country_code: no}\n",
        [
            "2:9: name must be text, not a number: write it with quotes",
            "3:14: is_locked must be true or false, not text",
            "5:26: status must be text, not true or false: write it with quotes",
        ],
    ),
    "a key twice": (b"- tenant_id: a\n  name: x\n  name: x\n", ["3:3: the key 'name' occurs twice"]),
    "a tab": (b"- tenant_id: a\n\tname: x\n", ["2:1: a tab must not be used for indentation: use spaces"]),
    "a tab before an item": (b"-\ttenant_id: a\n", ["1:2: a tab must not be used for indentation: use spaces"]),
    "an alias": (
        b"- tenant_id: a\n  name: &x y\n- tenant_id: b\n  name: *x\n",
        ["4:9: the alias *x is not allowed: write the value"],
    ),
    "a merge key": (b"- tenant_id: a\n  <<: {name: x}\n", ["2:3: the merge key << is not allowed: write the keys"]),
    "a key with parts": (b"- tenant_id: a\n  [x]: 1\n", ["2:3: a key must be text"]),
    "a tag": (
        b"- tenant_id: a\n  metadata: !!binary aGk=\n",
        ["2:13: the tag !!binary is not allowed: write a plain value"],
    ),
    "a tag of Python": (
        b"- tenant_id: a\n  metadata: !!python/object:os.system x\n",
        ["2:13: the tag !!python/object:os.system is not allowed: write a plain value"],
    ),
    "a value that is none": (b"- tenant_id: a\n  metadata: !!int x\n", ["2:13: the value cannot be read as int"]),
    "a flag that is none": (b"- tenant_id: a\n  metadata: !!bool x\n", ["2:13: the value cannot be read as bool"]),
    "no number": (
        b"- tenant_id: a\n  metadata:\n    x: .nan\n",
        ["3:8: metadata.x must be a finite number: JSON has no NaN and no infinity"],
    ),
    "a text without an end": (
        b'- tenant_id: "a\n',
        ["1:14: not YAML: found unexpected end of stream while scanning a quoted scalar"],
    ),
    "a mapping without an end": (
        b"- tenant_id: a\n  metadata: {a: 1\n",
        ["3:1: not YAML: did not find expected ',' or '}' while parsing a flow mapping"],
    ),
    "indentation": (
        b"- tenant_id: a\n name: x\n",
        ["2:2: not YAML: did not find expected '-' indicator while parsing a block collection"],
    ),
    "an environment": (
        b"format: frontegg-environment/1\nroles: {}\n",
        ["1:9: an environment must be a mapping in a separate file, .json or .yml"],
    ),
    "one account": (
        b"tenant_id: a\n",
        ["1:1: " + NO_LIST],
    ),
    "an item that is no row": (
        b"- a\n-\n",
        [
            "1:3: a row must be a mapping with the fields of an account, not text",
            "2:2: a row must be a mapping with the fields of an account, not null",
        ],
    ),
    "two documents": (b"- tenant_id: a\n---\n- tenant_id: b\n", ["2:1: a file must contain only one document"]),
    "bytes that are no text": (b"- tenant_id: a\n  name: \xff\n", ["2:9: the text is not UTF-8"]),
    "a NUL": (
        b'- tenant_id: a\n  name: "x\0"\n',
        ["2:11: the character U+0000 must be written as an escape"],
    ),
    "an end of a line that no editor shows": (
        "- tenant_id: a\n  name: x\u2028y\n".encode(),
        ["2:10: the character U+2028 must be written as an escape"],
    ),
    "lines of old": (
        b"- tenant_id: a\r  name: x\r",
        ["1:15: a line ends with CR alone: end lines with LF or CRLF"],
    ),
    "deep nesting": (b"- " * (DEEP + 2) + b"x", ["1:261: the row is nested deeper than 128 levels"]),
    "very deep nesting": (
        b"- " + b"[" * FAR,
        ["1:1002: not YAML: exceeded maximum nesting depth while increasing flow level"],
    ),
    "a long row": (
        b"- tenant_id: a\n  name: |\n%s" % (b"    x\n" * (MAX_ROW // 6)),
        ["1:3: the row has more than 4,194,304 bytes"],
    ),
    "a row without an end": (
        b"- tenant_id: a\n  name: %s" % (b"x" * (2 * MAX_ROW)),
        ["2:1: the row has more than 4,194,304 bytes"],
    ),
    "an account twice": (
        b"- tenant_id: a\n-   tenant_id: a\n",
        ["2:16: the account 'a' occurs twice, first at FILE:1:3"],
    ),
}

CSV = {
    "people": (
        b'name,tenant_id,users\nx,a,"{""ann"": {}, ""bob@a.b"": {""roles"": null}}"\ny,b,ann@b.c\nz,c,null\n',
        [
            "2:5: the key must be an e-mail address, such as someone@example.com",
            "2:5: roles must not be null: it cannot be cleared",
            (
                '3:5: users must be JSON text, such as {"ann@acme.example": {"roles": ["Admin"]}}: '
                "Expecting value (character 1)"
            ),
            (
                '4:5: users must be JSON text, such as {"ann@acme.example": {"roles": ["Admin"]}}: '
                "null would clear the field, which a CSV file cannot do"
            ),
        ],
    ),
    "nothing": (b"\n", [": the first line must contain the column names, including tenant_id"]),
    "no column of ids": (b"name\nx\n", ["1:1: there is no column tenant_id"]),
    "an unknown column": (
        b'tenant_id,"metdata",name\na,x,y\n"a ",,\n',
        [
            "1:11: unknown field 'metdata'; did you mean 'metadata'?",
            "3:1: tenant_id must not begin or end with white space",
        ],
    ),
    "an unknown dotted column": (
        b"tenant_id,metadata.a.b,settings.time_zone,metadata.,name.x\n",
        [
            "1:11: 'metadata.a.b' must name a single key of metadata, such as metadata.plan",
            "1:24: unknown field 'time_zone'; did you mean 'timezone'?",
            "1:43: 'metadata.' must name a single key of metadata, such as metadata.plan",
            "1:53: unknown field 'name.x'; did you mean 'name'?",
        ],
    ),
    "other separators": (b"tenant_id;name\na;x\n", ["1:1: columns must be separated by commas, not by ';'"]),
    "a column twice": (
        b"tenant_id,metadata,metadata.plan,name,name,\n",
        [
            "1:20: 'metadata.plan' and 'metadata' are the same column: leave one out",
            "1:39: 'name' and 'name' are the same column: leave one out",
            "1:44: a column has no name",
        ],
    ),
    "rows of other lengths": (
        b"tenant_id,name\na\nb,x,y\n",
        ["2:1: the first line has 2 cells, and this row has 1", "3:1: the first line has 2 cells, and this row has 3"],
    ),
    "a cell without an end": (b'tenant_id,name\na,"x\n', ["2:1: a quote is opened in this row and never closed"]),
    "text behind a quote": (
        b'tenant_id,name\na,"x"y\nb\n',
        [
            "2:1: the row is not CSV: ',' expected after '\"'",
            "3:1: the first line has 2 cells, and this row has 1",
        ],
    ),
    "cells that are no JSON": (
        b'tenant_id,name,metadata,applications\na,"x""y\nz,","{""a"":}",Desk\n',
        [
            '3:5: metadata must be JSON text, such as {"plan": "pro"}: Expecting value (character 6)',
            '3:16: applications must be JSON text, such as ["Desk"]: Expecting value (character 1)',
        ],
    ),
    "a value of a dotted column": (
        b'tenant_id,metadata.x,settings\na,"{""y"": 1, ""y"": 1}","{""timezone"": 3}"\n',
        [
            '2:3: metadata.x must be JSON text, such as {"plan": "pro"}: an object has a name twice',
            "2:26: settings.timezone must be text, not a number: write it with quotes",
        ],
    ),
    "a flag that is none": (b"tenant_id,is_locked\na,yes\n", ["2:3: is_locked must be true or false, not text"]),
    "no id": (b"tenant_id,name\n,x\n", ["2:1: tenant_id is missing"]),
    "lines of old": (
        b"tenant_id,name\ra,x\r",
        ["1:1: a line ends with CR alone: end lines with LF or CRLF"],
    ),
    "a NUL": (b"tenant_id,name\na,x\0\n", ["2:4: a text must not contain a NUL character"]),
    "bytes that are no text": (b"tenant_id,name\na,\xff\n", ["2:3: the text is not UTF-8"]),
    "a row without an end": (
        b'tenant_id,name\na,"%s' % (b"xxxxxxx\n" * (MAX_ROW // 8)),
        ["2:1: the row has more than 4,194,304 bytes"],
    ),
    "an account twice": (
        b"name,tenant_id\nx,a\n,a\n",
        ["3:2: the account 'a' occurs twice, first at FILE:2:1"],
    ),
}

CASES = [
    pytest.param(suffix, text, faults, id=f"{suffix} {name}")
    for suffix, table in ((".jsonl", JSON_LINES), (".json", JSON), (".yml", YAML), (".csv", CSV))
    for name, (text, faults) in table.items()
]


def faults_of(*sources: AccountsSource) -> list[str]:
    """Return the faults of some sources as text."""
    with pytest.raises(FilesError) as caught:
        read_accounts(sources)
    return list(map(str, caught.value.faults))


@pytest.mark.parametrize(("suffix", "text", "faults"), CASES)
def test_each_fault_has_its_place(suffix: str, text: bytes, faults: list[str], tmp_path: Path) -> None:
    """A fault names file, line and column, and what is allowed."""
    path = tmp_path / f"accounts{suffix}"
    path.write_bytes(text)
    expected = [f"{path}{'' if fault.startswith(': ') else ':'}{fault}".replace("FILE", str(path)) for fault in faults]
    assert faults_of(path) == expected


def test_faults_of_all_files_are_reported_at_once(tmp_path: Path) -> None:
    """The error has the faults in the order of the sources, and its text a line for each."""
    first, second, third = (tmp_path / name for name in ("a.jsonl", "b.yml", "c.csv"))
    first.write_bytes(b'{"tenant_id":"b"}\n{"tenant_id":"a"')
    second.write_bytes(b"- tenant_id: b\n- name: x\n")
    rows = [{"tenant_id": "a"}, {"tenant_id": "b", "name": 3}, {"tenant_id": "a"}]
    with pytest.raises(FilesError) as caught:
        read_accounts([first, second, third, rows, "d.txt"])
    error = caught.value
    assert str(error).splitlines() == [
        f"{first}:2:17: a comma or }} is missing",
        f"{second}:1:14: the account 'b' occurs twice, first at {first}:1:1",
        f"{second}:2:3: tenant_id is missing",
        f"{third}: the file cannot be read: {os.strerror(2)}",
        "rows[1]: name must be text, not a number: write it with quotes",
        "rows[2]: the account 'a' occurs twice, first at rows[0]",
        "d.txt: the name of the file must end in .jsonl, .ndjson, .json, .yml, .yaml, .csv",
    ]
    assert [fault.place for fault in error.faults][:3] == [
        Place(str(first), 2, 17),
        Place(str(second), 1, 14),
        Place(str(second), 2, 3),
    ]
    assert error.outcome is Outcome.NOT_SENT


def test_an_error_shows_some_of_many_faults(tmp_path: Path) -> None:
    """The text stays short, and says how many more there are."""
    path = tmp_path / "accounts.jsonl"
    path.write_bytes(b"{}\n" * 1_234)
    with pytest.raises(FilesError) as caught:
        read_accounts([path])
    lines = str(caught.value).splitlines()
    assert lines[:2] == [f"{path}:{number}:1: tenant_id is missing" for number in (1, 2)]
    assert (len(lines), lines[-1], len(caught.value.faults)) == (51, "and 1,184 more", 1_000)


def test_rows_of_python() -> None:
    """What is no row of JSON is a fault of the row."""
    time = datetime(2026, 1, 1, tzinfo=UTC)
    rows: list[object] = [{3: "x"}, {"tenant_id": "a", "metadata": {"since": time}}, 3, {"tenant_id": "b", "id": 2**64}]
    assert faults_of(*rows[:2], rows[2:]) == [  # type: ignore[arg-type]
        "rows[0]: the row has a key of type int: keys must be text",
        "rows[1]: the row['metadata']['since'] is of type datetime, which JSON cannot hold",
        "rows[0]: a row must be a mapping or a model, not int",
        "rows[1]: internal_id must be a whole number of at most 64 bits",
    ]


def test_a_list_on_one_line_may_be_longer_than_a_row(tmp_path: Path) -> None:
    """JSON has no line for each row; a fault far behind has its column, and a file has a limit."""
    path = tmp_path / "accounts.json"
    count = MAX_ROW // 1_000
    items = "".join(f'{{"tenant_id":"{number}","name":"{"x" * 1_000}"}},' for number in range(count))
    path.write_text(f'\ufeff[{items}{{"tenant_id":"0"}}]', encoding="utf-8")
    fault = f"{path}:1:{len(items) + 15}: the account '0' occurs twice, first at {path}:1:2"
    assert faults_of(path) == [fault]

    with path.open("ab") as file:
        file.truncate(64 * 2**20 + 1)
    assert faults_of(path) == [f"{path}: the file has more than 67,108,864 bytes: write one row per line as .jsonl"]


def test_files_that_are_none(tmp_path: Path) -> None:
    """A directory, a missing file and a file that is given twice are faults, as is a name that no file has."""
    directory, path = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    directory.mkdir()
    path.write_bytes(b'{"tenant_id":"a"}')
    found = faults_of(directory, path, tmp_path / "." / "b.jsonl", "c\0.jsonl", tmp_path / "missing.csv")
    assert [fault.partition(": ")[2] for fault in found[1:3]] == [
        "the file is given twice",
        "the name of the file must end in .jsonl, .ndjson, .json, .yml, .yaml, .csv",
    ]
    assert [": the file cannot be read: " in fault for fault in found] == [True, False, False, True]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_is_refused(tmp_path: Path) -> None:
    """A file is read twice, and a pipe would be waited for."""
    path = tmp_path / "pipe.yml"
    os.mkfifo(path)
    assert faults_of(path) == [f"{path}: the file cannot be read: not a regular file"]
