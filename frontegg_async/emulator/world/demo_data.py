"""The data of ``--demo``: distributors with customers, direct customers, and users with a known password."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from frontegg_async._values.json_values import JsonValue

DEMO_PASSWORD: Final = "emu_password"  # noqa: S105 - for users of an emulator only
"""The password of all demo users."""

DEMO_USER: Final = "ada@north.example"
"""The user whom the instructions of ``--demo`` name. She is an administrator of a distributor."""

# One tenant per line: id, name, plan, seats and time zone. A sub-account is indented below its parent.
_TENANTS: Final = """\
north | North Distribution | enterprise | 400 | Europe/Berlin
  north-retail | North Retail | business | 120 | Europe/Berlin
    kiosk-7 | Kiosk 7 | team | 4 | Europe/Berlin
    cafe-ost | Café Ost | team | 9 | Europe/Berlin
    harbour | Harbour Market | team | 22 | Europe/Copenhagen
    station-books | Station Books | team | 7 | Europe/Vienna
  north-labs | North Labs | business | 60 | Europe/Stockholm
    optics | Optics & Sensors | business | 35 | Europe/Stockholm
    cold-chain | Cold Chain Instruments | team | 18 | Europe/Oslo
  north-care | North Care | business | 80 | Europe/Helsinki
    lakeside-clinic | Lakeside Clinic | business | 64 | Europe/Helsinki
    pine-dental | Pine Street Dental | team | 12 | Europe/Riga
atlas | Atlas Partners | enterprise | 900 | America/New_York
  atlas-east | Atlas East | business | 210 | America/New_York
    granite-legal | Granite Legal | business | 45 | America/New_York
    bay-freight | Bay Freight | team | 30 | America/Toronto
    maple-schools | Maple Schools | enterprise | 310 | America/Toronto
  atlas-west | Atlas West | business | 190 | America/Los_Angeles
    redwood-solar | Redwood Solar | business | 75 | America/Los_Angeles
    mesa-robotics | Mesa Robotics | business | 52 | America/Phoenix
    tidepool | Tidepool Games | team | 26 | America/Vancouver
anatoli | Ανατολή | enterprise | 150 | Europe/Athens
  piraeus | Ανατολή Πειραιάς | business | 40 | Europe/Athens
  patras | Ανατολή Πάτρα | team | 15 | Europe/Athens
sakura | さくら商事 | business | 88 | Asia/Tokyo
  sakura-osaka | さくら商事 大阪 | team | 24 | Asia/Tokyo
blue-door | Blue Door Bakery | team | 14 | Europe/London
  blue-door-2 | Blue Door, 2nd Street | team | 6 | Europe/London
acme | Acme | business | 40 | America/Chicago
corner | Corner Shop | free | 2 | Europe/Dublin
lumen | Lumen Studio | team | 11 | Europe/Paris
quartz | Quartz Analytics | business | 33 | Europe/Zurich
ember | Ember & Oak | free | 3 | Australia/Sydney
nimbus | Nimbus Cargo | trial | 5 | Asia/Singapore
saffron | Saffron Kitchen | trial | 8 | Asia/Kolkata
tundra | Tundra Outdoor | team | 19 | America/Anchorage
"""
_LOCKED: Final = frozenset({"corner"})

_ADMIN: Final = ("fe.*",)
_READER: Final = ("fe.account-hierarchy.read.*", "fe.secure.read.*")
# One user per line: the e-mail address, the name, the tenant, other tenants and the permissions.
_USERS: Final[Sequence[tuple[str, str, str, Sequence[str], Sequence[str]]]] = (
    (DEMO_USER, "Ada", "north", ("north-retail", "north-labs", "north-care"), _ADMIN),
    ("ben@north.example", "Ben", "north-retail", ("kiosk-7", "cafe-ost"), _ADMIN),
    ("cleo@north.example", "Cleo", "north-labs", (), _READER),
    ("dana@atlas.example", "Dana", "atlas", ("atlas-east", "atlas-west"), _ADMIN),
    ("emil@atlas.example", "Emil", "atlas-west", (), _READER),
    ("eleni@anatoli.example", "Ελένη", "anatoli", ("piraeus",), _ADMIN),
    ("haru@sakura.example", "はる", "sakura", (), _ADMIN),
    ("ivy@acme.example", "Ivy", "acme", (), _ADMIN),
    ("jo@acme.example", "Jo", "acme", ("quartz",), _READER),
    ("kim@lumen.example", "Kim", "lumen", (), _ADMIN),
)


def demo_seed() -> dict[str, JsonValue]:
    """Return the demo data as a seed. The data is always the same."""
    lines = [line for line in _TENANTS.splitlines() if line]
    levels = [(len(line) - len(line.lstrip())) // 2 for line in lines]
    tenants: list[JsonValue] = []
    path: list[str] = []
    for number, (line, level) in enumerate(zip(lines, levels, strict=True)):
        tenant_id, name, plan, seats, zone = (part.strip() for part in line.split("|"))
        parent = path[level - 1] if level else None
        path[level:] = [tenant_id]
        has_children = levels[number + 1 : number + 2] > [level]
        tenants.append(
            {
                "tenantId": tenant_id,
                "name": name,
                "parentTenantId": parent,
                "isReseller": has_children,
                "isLocked": tenant_id in _LOCKED,
                "timezone": zone,
                "createdAt": f"2025-{1 + number // 3:02}-{2 + number % 27:02}T{8 + number % 9:02}:30:00.000Z",
                "metadata": {"plan": plan, "seats": int(seats)},
            }
        )
    return {"tenants": tenants, "users": [_user(*each) for each in _USERS]}


def _user(
    email: str, name: str, tenant_id: str, others: Sequence[str], permissions: Sequence[str]
) -> Mapping[str, JsonValue]:
    return {
        "email": email,
        "name": name,
        "password": DEMO_PASSWORD,
        "tenantId": tenant_id,
        "tenantIds": [tenant_id, *others],
        "permissions": list(permissions),
    }
