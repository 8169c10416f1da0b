"""Make ``examples/data/accounts.csv``: the accounts of a fictional B2B vendor, byte for byte the same everywhere.

Usage: ``python tools/make_accounts.py [--check]``
"""

from __future__ import annotations

import argparse
import csv
import io
import itertools
import random
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

T = TypeVar("T")

Word: TypeAlias = tuple[str, str]
"""A text in native script and its ASCII form."""

WORDS: Final = Path(__file__).resolve().parent / "account_words.toml"
TARGET: Final = Path(__file__).resolve().parent.parent / "examples" / "data" / "accounts.csv"
SEED: Final = 20_250_301
ACCOUNTS: Final = 1_200
DISTRIBUTORS: Final = 5
RESELLERS: Final = 30
HOLDINGS: Final = 40
SPECIAL_EVERY: Final = 70
UNDER_RESELLERS: Final = 35
UNDER_HOLDINGS: Final = 15
SEATS: Final = {"free": (1, 5), "team": (5, 40), "business": (25, 400), "enterprise": (250, 12_000)}
PLANS: Final = ("free",) * 3 + ("team",) * 9 + ("business",) * 6 + ("enterprise",) * 2
STATUSES: Final = ("active",) * 30 + ("trial",) * 5 + ("past_due",) * 4 + ("closing",)
MAILBOXES: Final = ("admin", "it", "office", "ops", "billing", "accounts", "platform")


@dataclass(frozen=True)
class Locale:
    """The company names and places of a country or language."""

    weight: int
    currency: str
    timezones: tuple[str, ...]
    pattern: str
    heads: tuple[Word, ...]
    tails: tuple[Word, ...]
    forms: tuple[str, ...]


@dataclass(frozen=True)
class Company:
    """A company name and its locale."""

    name: str
    slug: str
    timezone: str
    currency: str


@dataclass(frozen=True)
class Row:
    """An account; the fields are the columns."""

    tenant_id: str
    name: str
    plan: str
    seats: int
    parent_tenant_id: str
    is_reseller: bool
    website: str
    timezone: str
    currency: str
    status: str
    creator_email: str


class StableRandom:
    """Random choices based only on ``random()``, the one method whose sequence Python guarantees."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - example data, no secrets

    def below(self, limit: int) -> int:
        """Return a whole number from 0 to ``limit - 1``."""
        return int(self._random.random() * limit)

    def pick(self, choices: Sequence[T]) -> T:
        """Return one of the choices."""
        return choices[self.below(len(choices))]

    def chance(self, percent: int) -> bool:
        """Return ``True`` with a probability in percent."""
        return self.below(100) < percent

    def shuffle(self, items: list[T]) -> None:
        """Shuffle the items in place."""
        for last in range(len(items) - 1, 0, -1):
            other = self.below(last + 1)
            items[last], items[other] = items[other], items[last]


def word(text: str) -> Word:
    """Split ``native text = ascii``; a text without ``=`` is its own ASCII form."""
    native, _, plain = text.partition(" = ")
    return native, plain or native.replace(" ", "-").lower()


def locale(table: dict[str, Any]) -> Locale:
    """Read a locale from its table."""
    return Locale(
        weight=table["weight"],
        currency=table["currency"],
        timezones=tuple(table["timezones"]),
        pattern=table["pattern"],
        heads=tuple(map(word, table["heads"])),
        tails=tuple(map(word, table["tails"])),
        forms=tuple(table["forms"]),
    )


def companies(words: dict[str, Any], chances: StableRandom) -> Iterator[Company]:
    """Yield companies without end; each slug is unique."""
    locales = {code: locale(table) for code, table in words["locales"].items()}
    weighted = [each for each in locales.values() for _ in range(each.weight)]
    seen: set[str] = set()

    def company(chosen: Locale, name: str, slug: str) -> Company:
        seen.add(slug)
        zone = chances.pick(chosen.timezones)
        return Company(name, slug, zone, words["currencies"].get(zone, chosen.currency))

    specials = [company(locales[each["locale"]], each["name"], each["slug"]) for each in words["special"]]
    for number in itertools.count():
        if specials and number % SPECIAL_EVERY == SPECIAL_EVERY - 1:
            yield specials.pop()
        chosen = chances.pick(weighted)
        (head, head_slug), (tail, tail_slug) = chances.pick(chosen.heads), chances.pick(chosen.tails)
        slug = f"{head_slug}-{tail_slug}"
        if slug in seen:
            slug = f"{slug}-{chances.below(90) + 10}"
        if slug not in seen:
            yield company(chosen, chosen.pattern.format(head=head, tail=tail, form=chances.pick(chosen.forms)), slug)


def accounts() -> list[Row]:
    """Return the accounts: distributors, their resellers, holdings, and customers below any of them or at the top."""
    chances = StableRandom(SEED)
    source = companies(tomllib.loads(WORDS.read_text(encoding="utf-8")), chances)
    rows = [_reseller(chances, next(source)) for _ in range(DISTRIBUTORS)]
    resellers = [_reseller(chances, next(source), parent=chances.pick(rows).tenant_id) for _ in range(RESELLERS)]
    holdings = [
        _holding(chances, next(source), parent=chances.pick(resellers).tenant_id if chances.chance(40) else "")
        for _ in range(HOLDINGS)
    ]
    rows += resellers + holdings
    while len(rows) < ACCOUNTS:
        chance = chances.below(100)
        parents = (
            resellers if chance < UNDER_RESELLERS else holdings if chance < UNDER_RESELLERS + UNDER_HOLDINGS else ()
        )
        rows.append(_customer(chances, next(source), parent=chances.pick(parents).tenant_id if parents else ""))
    chances.shuffle(rows)
    return rows


def _reseller(chances: StableRandom, company: Company, *, parent: str = "") -> Row:
    return replace(_customer(chances, company, plan="business", parent=parent), is_reseller=True, status="active")


def _holding(chances: StableRandom, company: Company, *, parent: str) -> Row:
    return replace(_customer(chances, company, plan="enterprise", parent=parent), is_reseller=True)


def _customer(chances: StableRandom, company: Company, *, plan: str | None = None, parent: str = "") -> Row:
    plan = plan or chances.pick(PLANS)
    least, most = SEATS[plan]
    slug = company.slug
    return Row(
        tenant_id=f"acc-{slug}" if chances.chance(70) else f"crm_{chances.below(9_000_000) + 1_000_000}.{slug[:3]}",
        name=company.name,
        plan=plan,
        seats=least + chances.below(most - least + 1),
        parent_tenant_id=parent,
        is_reseller=False,
        website=f"https://www.{slug}.example" if chances.chance(92) else "",
        timezone=company.timezone,
        currency=company.currency,
        status=chances.pick(STATUSES),
        creator_email=f"{chances.pick(MAILBOXES)}@{slug}.example",
    )


def render(rows: Sequence[Row]) -> str:
    """Return the accounts as CSV: UTF-8, quoted where needed, with line feeds."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [field.name for field in fields(Row)], lineterminator="\n")
    writer.writeheader()
    writer.writerows({**asdict(row), "is_reseller": str(row.is_reseller).lower()} for row in rows)
    return text.getvalue()


def main() -> int:
    """Write the file, or compare it with ``--check``."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="only report whether the file is up to date")
    check = parser.parse_args().check
    text = render(accounts())
    if not check:
        TARGET.write_text(text, encoding="utf-8", newline="")
        print(f"{TARGET.name}: {ACCOUNTS:,} accounts written")
        return 0
    if TARGET.is_file() and TARGET.read_bytes() == text.encode():
        print(f"{TARGET.name} is up to date")
        return 0
    print(f"{TARGET.name} is not up to date: run python tools/make_accounts.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
