"""Where the model is and what it costs: the settings of a remote provider, checked as a whole."""

import importlib.util
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from app.gateway.budget import Budget
from app.gateway.metering import Metered
from app.gateway.tariff import Tariff, load
from app.settings import Settings, SettingsError

# Always passed on: the libraries would otherwise let OPENAI_BASE_URL or ANTHROPIC_BASE_URL
# decide where the cases go.
ADDRESSES = {"openai": "https://api.openai.com/v1", "anthropic": "https://api.anthropic.com"}


class MissingExtra(SettingsError):
    """The chosen provider's library is not installed."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A remote model: provider, model name, absolute address without credentials, key, price."""

    provider: Literal["openai", "anthropic"]
    model: str
    address: str
    api_key: str = field(repr=False)
    output: Literal["tool", "native"]
    max_tokens: int
    tariff: Tariff
    repeats: int = 1
    log_probabilities: bool = False

    def connect(self, budget: Budget) -> Metered:
        """Import the provider's library and make a client; no request is sent.

        Whatever it is asked is counted in `budget`. The import takes seconds, so call this off
        the event loop. Raises `MissingExtra`.
        """
        for package in ("pydantic_ai", self.provider):
            if importlib.util.find_spec(package) is None:
                raise MissingExtra(
                    f"APP_MODEL_PROVIDER is {self.provider}, whose library is not installed:"
                    f" run `make setup EXTRAS={self.provider}`"
                )
        from app.gateway.remote import RemoteProvider

        return Metered(
            RemoteProvider(self), self.tariff, budget, self.max_tokens, repeats=self.repeats
        )


def endpoint(settings: Settings) -> Endpoint | None:
    """Read the model settings and the price; null when the provider is offline.

    Raises `SettingsError` with one line per mistake, never a value of the key.
    """
    if settings.model_provider == "offline":
        return None
    key = settings.model_api_key.get_secret_value() if settings.model_api_key else ""
    address = settings.model_base_url or ADDRESSES[settings.model_provider]
    mistakes = [*_name_mistakes(settings.model_name), *_key_mistakes(key)]
    mistakes += _address_mistakes(address)
    if mistakes:
        raise SettingsError("\n".join(mistakes))
    tariff = load(
        settings.prices_file,
        settings.model_provider,
        settings.model_name,
        settings.model_max_tokens,
        settings.model_repeats,
    )
    return Endpoint(
        provider=settings.model_provider,
        model=settings.model_name,
        address=address,
        api_key=key,
        output=settings.model_output,
        max_tokens=settings.model_max_tokens,
        tariff=tariff,
        repeats=settings.model_repeats,
        # Providers give them for texts only, not for the arguments of a tool.
        log_probabilities=settings.model_logprobs
        and (settings.model_provider, settings.model_output) == ("openai", "native"),
    )


def _name_mistakes(name: str) -> list[str]:
    if name and name == name.strip():
        return []
    return ["APP_MODEL_NAME: set it to the exact name of the provider's model, without spaces"]


def _key_mistakes(key: str) -> list[str]:
    if not key:
        return [
            "APP_MODEL_API_KEY: set it to the provider's key"
            " (any word for a local server that asks for none)"
        ]
    # A pasted line break would fail in the HTTP library, whose message quotes the header.
    if not _visible(key):
        return ["APP_MODEL_API_KEY: holds a space, line break or non-ASCII sign; copy it again"]
    return []


def _address_mistakes(address: str) -> list[str]:
    try:
        parts = urlsplit(address)
        absolute = parts.scheme in ("http", "https") and bool(parts.hostname) and _visible(address)
        _ = parts.port
    except ValueError:
        absolute = False
    if not absolute:
        return ["APP_MODEL_BASE_URL: must be an absolute http or https address"]
    if "@" in parts.netloc:
        return ["APP_MODEL_BASE_URL: must not hold a user or password; use APP_MODEL_API_KEY"]
    return []


def _visible(text: str) -> bool:
    return all("!" <= character <= "~" for character in text)
