"""Starting: which settings are refused, and what is imported when."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.gateway import RunBudget, build
from app.gateway.endpoint import endpoint
from app.settings import SettingsError

from .conftest import Configure
from .servers import KEY
from .usecase import YesNo

ROOT = Path(__file__).parents[2]

OFFLINE = """
import sys
from app.gateway import RunBudget, build
from app.settings import Settings
from tests.gateway.usecase import YesNo
build(Settings(model_provider="offline"), YesNo(), RunBudget())
print(sorted({"pydantic_ai", "openai", "anthropic"} & sys.modules.keys()))
"""

STARTED = """
import asyncio, sys, threading
from app.gateway import RunBudget, start
from app.settings import Settings
from tests.gateway.usecase import YesNo

class Watch:
    def find_spec(self, name, path=None, target=None):
        if name == "pydantic_ai.direct":
            print("main" if threading.current_thread() is threading.main_thread() else "other")

sys.meta_path.insert(0, Watch())
settings = Settings(
    model_provider="openai", model_name="m", model_api_key="k", prices_file=sys.argv[1]
)
asyncio.run(start(settings, YesNo(), RunBudget()))
"""


def run(code: str, *arguments: str) -> str:
    command = [sys.executable, "-c", code, *arguments]
    environment = {"PYTHONPATH": str(ROOT), "PATH": ""}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_offline_imports_no_model_library() -> None:
    assert run(OFFLINE) == "[]"


def test_start_imports_the_library_off_the_event_loop(prices: Path) -> None:
    assert run(STARTED, str(prices)).splitlines()[0] == "other"


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_a_missing_extra_says_how_to_install_it(
    configure: Configure, monkeypatch: pytest.MonkeyPatch, provider: str
) -> None:
    monkeypatch.setitem(sys.modules, provider, None)
    with pytest.raises(SettingsError, match=f"make setup EXTRAS={provider}"):
        build(configure(provider, "ok"), YesNo(), RunBudget())


@pytest.mark.parametrize(
    ("override", "variable"),
    [
        ({"model_name": ""}, "APP_MODEL_NAME"),
        ({"model_name": "m "}, "APP_MODEL_NAME"),
        ({"model_api_key": None}, "APP_MODEL_API_KEY"),
        ({"model_api_key": f"{KEY}\n"}, "APP_MODEL_API_KEY"),
        ({"model_api_key": f"{KEY}é"}, "APP_MODEL_API_KEY"),
        ({"model_base_url": "api.openai.com"}, "APP_MODEL_BASE_URL"),
        ({"model_base_url": "ftp://models.example"}, "APP_MODEL_BASE_URL"),
        ({"model_base_url": "https://models.example:port"}, "APP_MODEL_BASE_URL"),
        ({"model_base_url": "https://models .example"}, "APP_MODEL_BASE_URL"),
        ({"model_base_url": f"https://me:{KEY}@models.example"}, "APP_MODEL_BASE_URL"),
    ],
)
def test_a_bad_setting_is_named_and_the_key_is_not_shown(
    configure: Configure, override: dict[str, object], variable: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        endpoint(configure("openai", "ok", **override))
    assert str(caught.value).startswith(variable)
    assert KEY not in str(caught.value)


def test_all_mistakes_are_named_at_once(configure: Configure) -> None:
    with pytest.raises(SettingsError) as caught:
        endpoint(configure("openai", "", model_api_key=None))
    assert len(str(caught.value).splitlines()) == 2


def test_the_key_is_not_in_the_endpoints_repr(configure: Configure) -> None:
    assert KEY not in repr(endpoint(configure("openai", "ok")))
