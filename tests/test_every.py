"""A test of a rule for many values fails with each value that breaks the rule."""

from __future__ import annotations

import pytest

from tests.support.every import every


def test_each_value_that_fails_is_named() -> None:
    """All values are tried."""

    @every([1, 2, 3, 4])
    def rule(value: int) -> None:
        assert value % 2

    with pytest.raises(ExceptionGroup, match="2 of 4 fail") as caught:
        rule()
    assert [error.__notes__ for error in caught.value.exceptions] == [["2"], ["4"]]
