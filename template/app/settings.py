"""Settings: environment variables with the prefix `APP_`, then `.env`, then `project.toml`.

`project.toml` says what the service calls itself, and which provider and model it asks by default.
A bad value ends the start with one line per mistake, see `load`.
"""

import secrets
import tomllib
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
ProviderName = Literal["offline", "openai", "anthropic"]


class SettingsError(Exception):
    """The settings do not hold; the message names each of them."""


def project(path: Path = Path("project.toml")) -> dict[str, Any]:
    """Read the kickoff answers; an absent file is an empty one. Raises `SettingsError`."""
    try:
        return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
    except ValueError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from None


def default_provider() -> ProviderName:
    """The provider chosen at kickoff, until a setting says otherwise."""
    provider: ProviderName = project().get("model", {}).get("provider", "offline")
    return provider


def default_model(provider: str) -> str:
    """The model named in `project.toml`, as long as its provider is the one in use."""
    model = project().get("model", {})
    return str(model.get("name", "")) if model.get("provider") == provider else ""


class Settings(BaseSettings):
    """Everything that differs between a laptop, staging and production."""

    model_config = SettingsConfigDict(
        env_prefix="APP_",
        env_file=".env",
        extra="ignore",
        validate_default=True,
        hide_input_in_errors=True,
        env_ignore_empty=True,
    )

    environment: Literal["local", "staging", "production"] = "local"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    metrics_port: int = Field(default=9100, ge=0, le=65535)
    public_url: str = "http://127.0.0.1:8000"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    trace_sample_ratio: float = Field(default=1.0, ge=0, le=1)

    database_url: SecretStr = SecretStr("sqlite:///data/app.db")

    issuer: str = "http://127.0.0.1:9000"
    audience: str = "poc-api"
    algorithms: tuple[Algorithm, ...] = ("RS256", "PS256", "ES256", "EdDSA")
    token_types: tuple[str, ...] = ("at+jwt", "application/at+jwt")
    roles_claim: str = "roles"
    client_id: str = "poc-pages"
    client_secret: SecretStr | None = None
    session_secret: SecretStr = Field(default_factory=lambda: SecretStr(secrets.token_urlsafe(32)))
    session_hours: float = Field(default=8, gt=0, le=24)

    model_provider: ProviderName = Field(default_factory=default_provider)
    model_name: str = ""
    model_base_url: str = ""
    model_api_key: SecretStr | None = None
    model_timeout_seconds: float = Field(default=20, gt=0, le=600)
    model_max_tokens: int = Field(default=800, gt=0)
    model_output: Literal["tool", "native"] = "tool"
    model_repeats: int = Field(default=1, ge=1, le=10)
    model_logprobs: bool = False
    prices_file: Path = Path("governance/prices.yaml")

    body_limit_bytes: int = Field(default=4 * 1024 * 1024, gt=0)
    intake_limit_bytes: int = Field(default=1024 * 1024, gt=0)
    intake_limit_characters: int = Field(default=20_000, gt=0)

    @field_validator("public_url", "issuer")
    @classmethod
    def _absolute(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError("must be an absolute http or https address")
        return value

    @model_validator(mode="after")
    def _model_of_the_project(self) -> Self:
        self.model_name = self.model_name or default_model(self.model_provider)
        return self

    @model_validator(mode="after")
    def _production_is_strict(self) -> Self:
        if self.is_local:
            return self
        mistakes = []
        if "session_secret" not in self.model_fields_set:
            mistakes.append("APP_SESSION_SECRET: must be set outside the local environment")
        elif len(self.session_secret.get_secret_value()) < 32:
            mistakes.append("APP_SESSION_SECRET: must have at least 32 characters")
        for name in ("issuer", "public_url"):
            if urlsplit(getattr(self, name)).scheme != "https":
                mistakes.append(f"APP_{name.upper()}: must be https outside the local environment")
        if mistakes:
            raise ValueError("\n".join(mistakes))
        return self

    @property
    def is_local(self) -> bool:
        """True on a laptop only; nothing about sign-in depends on it but cookie flags."""
        return self.environment == "local"


def load() -> Settings:
    """Read the settings. Raises `SettingsError` with one line per mistake, never a value."""
    try:
        return Settings()
    except ValidationError as error:
        lines = []
        for one in error.errors(include_input=False, include_context=False, include_url=False):
            name = "_".join(str(part) for part in one["loc"]).upper()
            message = one["msg"].removeprefix("Value error, ")
            lines.append(f"APP_{name}: {message}" if name else message)
        raise SettingsError("\n".join(lines)) from None
    except ValueError as error:
        raise SettingsError(f"{error}; a list is written as JSON") from None
