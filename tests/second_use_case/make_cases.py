"""Writes the synthetic invoices of the second use case into a rendered project."""

import base64
import json
import random
import string
from email.message import EmailMessage
from pathlib import Path
from typing import Any

WORDS = ("Invoice No:", "Rechnung Nr.", "Facture n°", "INVOICE #", "invoice number")


def case(split: str, number: int) -> dict[str, Any]:
    """One invoice; every fifth has two totals, every tenth arrives as an attachment."""
    rng = random.Random(f"{split}/{number}")
    firm = "".join(rng.choices(string.ascii_lowercase, k=9)).capitalize()
    name = f"{rng.choice('ABCD')}-{rng.randint(1000, 99999)}"
    date = f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    total = f"{rng.randint(1, 900)}.{rng.randint(10, 99)}"
    items = "\n".join(
        f"{rng.randint(1, 9)} x {''.join(rng.choices(string.ascii_lowercase, k=8))}"
        for _ in range(6)
    )
    edge = "two_totals" if number % 5 == 0 else None
    sub = f"Subtotal USD {rng.randint(1, 900)}.00\n" if edge else ""
    text = f"{firm} GmbH\n{rng.choice(WORDS)} {name}\n{date}\n{items}\n{sub}Total due EUR {total}\n"
    row: dict[str, Any] = {
        "id": f"{split}-{number}",
        "family": f"{split}-{number}",
        "origin": "synthetic",
        "tags": {"channel": "text", "language": "en"},
        "edge": edge,
        "content_type": "text/plain; charset=utf-8",
        "body": text,
        "expected": {"number": name, "date": date, "total": total},
    }
    if number % 10 == 1:
        message = EmailMessage()
        message["From"], message["Subject"] = "billing@firm.example", "invoice"
        message.set_content("Please find our bill attached.")
        message.add_attachment(text.encode(), "text", "plain", filename="invoice.txt")
        row |= {"content_type": "message/rfc822", "tags": {"channel": "mail", "language": "en"}}
        del row["body"]
        row["body_base64"] = base64.b64encode(message.as_bytes()).decode()
    return row


def write(folder: Path) -> None:
    """Write both splits."""
    for split, count in (("training", 100), ("evaluation", 50)):
        rows = [case(split, number) for number in range(count)]
        if split == "evaluation":
            rows[-1] |= {
                "edge": "empty_body",
                "body": " \n",
                "expected": {"quarantined": "empty"},
                "content_type": "text/plain; charset=utf-8",
            }
            rows[-1].pop("body_base64", None)
        lines = [json.dumps(row, sort_keys=True) + "\n" for row in rows]
        (folder / f"{split}.jsonl").write_text("".join(lines), "utf-8")
    manifest = {"origin": "synthetic", "generator": "second use case", "version": 1, "seed": 0}
    (folder / "manifest.json").write_text(json.dumps(manifest) + "\n", "utf-8")
