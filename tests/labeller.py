"""A scripted person on the label pages: signs in, takes each case, and says what they know of it.

Run by a project's own Python: labeller.py SERVICE ISSUER ROUND PERSON TRUTH.json MISTAKES
"""

import html
import json
import random
import re
import sys
from pathlib import Path
from typing import Any

import httpx2

Known = dict[str, Any]
FIELD = r'<input type="hidden" name="([^"]+)" value="([^"]*)"'
CHOICE = r'name="field\.{}" value="([^"]+)"'


def hidden(text: str) -> dict[str, str]:
    """The hidden fields of a form."""
    return {name: html.unescape(value) for name, value in re.findall(FIELD, text)}


def answer(form: str, known: Known, rng: random.Random, mistakes: float) -> dict[str, str]:
    """What this person fills in; sometimes the wrong thing."""
    edge = known["edge"] or ""
    filled = {"edge": edge if f'<option value="{edge}"' in form else ""}
    if "quarantined" in known["expected"]:
        return filled | {"said": "nothing"}
    filled |= {"said": "answer"}
    for name, value in known["expected"].items():
        choices = [html.unescape(one) for one in re.findall(CHOICE.format(name), form)]
        wrong = name == "queue" and rng.random() < mistakes
        right = value if value in choices else next(c for c in choices if c not in QUEUES)
        filled[f"field.{name}"] = rng.choice(choices) if wrong else right
    return filled


QUEUES = ("billing", "delivery", "returns", "account", "technical", "sales")


def main(service: str, issuer: str, name: str, person: str, truth: str, mistakes: str) -> None:
    """Label until nothing is left, and say how many it were."""
    known = json.loads(Path(truth).read_text())
    rng = random.Random(f"{person}/{name}")
    page_of_round = f"{service}/label/{name}"
    with httpx2.Client(follow_redirects=True, timeout=60) as browser:
        page = browser.get(page_of_round)
        page = browser.post(f"{issuer}/authorize", data=hidden(page.text) | {"person": person})
        done = 0
        while 'id="label"' in page.text:
            form = page.text.split('id="label"')[1].split("</form>")[0]
            fields = hidden(form)
            fields |= answer(form, known[fields["case"]], rng, float(mistakes))
            page = browser.post(page_of_round, data=fields)
            done += 1
        assert "Nothing is left for you" in page.text, page.text[-2000:]
    print(done)


if __name__ == "__main__":
    main(*sys.argv[1:])
