"""Convert the customers and the people of another system to an accounts file."""

import csv
import json
from collections import defaultdict
from pathlib import Path


def read(name: str) -> list[dict[str, str]]:
    """Return the rows of a table."""
    with Path(name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


people: dict[str, dict[str, object]] = defaultdict(dict)
for row in read("people.csv"):
    role = "Admin" if row["is_admin"] == "yes" else "ReadOnly"
    people[row["customer"]][row["email"]] = {"name": row["full_name"], "roles": [role]}

resellers = {row["belongs_to"] for row in read("customers.csv")}
with Path("accounts.jsonl").open("w", encoding="utf-8") as file:
    for row in read("customers.csv"):
        account = {
            "tenant_id": row["number"],
            "name": row["company"],
            "parent_tenant_id": row["belongs_to"] or None,
            "is_reseller": row["number"] in resellers,
            "metadata": {"plan": row["plan"], "seats": int(row["licences"])},
            "is_locked": row["blocked"] == "yes",
            "users": people[row["number"]],
        }
        file.write(json.dumps(account) + "\n")
