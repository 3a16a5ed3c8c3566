"""What a run measured, as digests: rows of different subjects are never mixed."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from app.case import AnyUseCase
from app.settings import Settings
from evals.dataset import EvalCase, digest

ROOT = Path(__file__).parent.parent
CALIBRATION = ROOT / "app" / "usecase" / "calibration.json"
LEARNED = ("weights.json", "calibration.json")
SCORING = ("scorers.py", "runner.py", "service.py")
SETTINGS = (
    "model_base_url",
    "model_timeout_seconds",
    "model_max_tokens",
    "model_output",
    "model_repeats",
    "model_logprobs",
    "intake_limit_bytes",
    "intake_limit_characters",
)


class Subject(BaseModel):
    """Everything that may change an outcome: the resume key of a run is its digest.

    `code` covers `app/` without what was learned, and the scorers; `settings` those that reach
    the model or intake.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    split: str
    dataset: str
    provider: str
    model: str
    prompt_version: str
    weights: str
    calibration: str
    code: str
    settings: str

    @property
    def key(self) -> str:
        """The first 16 digits of the SHA-256 of all parts."""
        return _sha256([self.model_dump_json().encode()])[:16]


def subject(
    split: str,
    cases: Iterable[EvalCase],
    usecase: AnyUseCase,
    settings: Settings,
    root: Path = ROOT,
) -> Subject:
    """Describe what a run under these settings measures."""
    weights = usecase.baseline_digest()
    offline = settings.model_provider == "offline"
    in_force = settings.model_dump(mode="json", include=set(SETTINGS))
    return Subject(
        split=split,
        dataset=digest(cases),
        provider=settings.model_provider,
        model=f"baseline@{weights[:12]}" if offline else settings.model_name,
        prompt_version=usecase.prompt_version,
        weights=weights,
        calibration=files(root, [root / "app" / "usecase" / "calibration.json"]),
        code=files(root, _code(root)),
        settings=_sha256([json.dumps(in_force, sort_keys=True).encode()]),
    )


def files(root: Path, paths: Sequence[Path]) -> str:
    """SHA-256 of sorted paths and bytes; a file that is absent counts as empty."""
    parts = []
    for path in sorted(paths):
        parts += [
            path.relative_to(root).as_posix().encode(),
            path.read_bytes() if path.exists() else b"",
        ]
    return _sha256(parts)


def _code(root: Path) -> list[Path]:
    found = [
        path
        for path in (root / "app").rglob("*")
        if path.is_file() and path.name not in LEARNED and "__pycache__" not in path.parts
    ]
    return found + [root / "evals" / name for name in SCORING]


def _sha256(parts: Iterable[bytes]) -> str:
    total = hashlib.sha256()
    for part in parts:
        total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()
