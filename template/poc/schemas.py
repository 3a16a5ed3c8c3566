"""JSON Schemas of the governance files, so that editors check while you type.

`python -m poc.schemas` writes them; they follow the models, which `poc` itself reads by.
"""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from app.prices import PriceFile
from poc.checklist.attestations import Attestations
from poc.checklist.catalogue import Checklist
from poc.engine.charter import Charter
from poc.engine.contract import REQUIRED, Contract
from poc.engine.owners import SIGNERS, Owners
from poc.money.budget import Budget

FOLDER = Path("governance") / "schemas"
MODELS: dict[str, type[BaseModel]] = {
    "attestations": Attestations,
    "budget": Budget,
    "charter": Charter,
    "checklist": Checklist,
    "criteria": Contract,
    "owners": Owners,
    "prices": PriceFile,
}


def schema(name: str) -> dict[str, Any]:
    """The schema of one file, in the 2020-12 dialect."""
    data = MODELS[name].model_json_schema(by_alias=True)
    data = {
        "$schema": GenerateJsonSchema.schema_dialect,
        **data,
        "title": f"governance/{name}.yaml",
    }
    if name == "criteria":
        criteria = data["properties"]["criteria"]
        criteria["allOf"] = [_has_a_must(list(group)) for group in REQUIRED]
    if name == "owners":
        data["properties"]["roles"]["required"] = list(SIGNERS)
    return data


def _has_a_must(types: list[str]) -> dict[str, Any]:
    wanted = {"type": {"enum": types}, "priority": {"const": "must"}}
    return {"contains": {"type": "object", "properties": wanted, "required": list(wanted)}}


def text(name: str) -> str:
    """The file's text."""
    return json.dumps(schema(name), indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write all schemas."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in MODELS:
        (FOLDER / f"{name}.json").write_text(text(name), "utf-8")


if __name__ == "__main__":
    main()
