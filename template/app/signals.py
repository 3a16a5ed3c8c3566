"""Names of signals that acceptance treats in a way of their own.

`language=de`        an indicator: 1 when it holds; absent, it is 0.
`setting.equal_of_3` exists because a setting asks for it (APP_MODEL_REPEATS, APP_MODEL_LOGPROBS).
                     A calibration holds for the very set of these that it was fitted on.
`baseline.0123...`   always 1, and there to be missed: the baseline a model was compared with. A
                     calibration that was fitted beside another baseline no longer holds.
`model.agrees`       any other property of a model's answer; names without a prefix are the use
                     case's own.
"""

from collections.abc import Iterable

SETTING = "setting."
BASELINE = "baseline."
MODEL = "model."
LOG_PROBABILITY = f"{SETTING}log_probability"


def equal_of(repeats: int) -> str:
    """The share of so many answers that are the same as the one given."""
    return f"{SETTING}equal_of_{repeats}"


def is_indicator(name: str) -> bool:
    """True for `name=value`."""
    return "=" in name


def by_setting(names: Iterable[str]) -> set[str]:
    """Those that a setting asks for."""
    return {name for name in names if name.startswith(SETTING)}
