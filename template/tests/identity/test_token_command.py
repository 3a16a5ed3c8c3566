"""Getting a token of the local identity provider, and what is said when there is none."""

import sys
from pathlib import Path

import pytest

from app.identity import Role
from local import token
from local.token import NOT_RUNNING, TokenError, fetch_token
from tests.identity.machine import free_port, free_settings, something_else


@pytest.mark.parametrize("role", ["", "owner", "Admin"])
def test_a_token_for_an_unknown_role_lists_the_roles(tmp_path: Path, role: str) -> None:
    with pytest.raises(TokenError) as error:
        fetch_token(free_settings(), role, tmp_path / "none")
    assert all(known in str(error.value) for known in Role)


@pytest.mark.parametrize("content", [None, "{}", "not json", '{"service-admin": "x"}'])
def test_a_token_without_a_provider_says_how_to_start_it(
    tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "secrets.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(TokenError) as error:
        fetch_token(free_settings(), "admin", file)
    assert str(error.value) == NOT_RUNNING


def test_a_token_of_something_else_on_the_port_is_refused_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    with something_else() as port:
        settings = free_settings(issuer=f"http://127.0.0.1:{port}")
        with pytest.raises(TokenError, match="is not running"):
            fetch_token(settings, "admin", file)
        file.write_text('{"service-admin": "secret-canary"}')
        with pytest.raises(TokenError, match=r"refused \(401\).*make run") as error:
            fetch_token(settings, "admin", file)
    assert "canary" not in str(error.value)


def test_a_token_of_an_issuer_elsewhere_is_not_asked_for_here(tmp_path: Path) -> None:
    with pytest.raises(TokenError, match="APP_ISSUER"):
        fetch_token(free_settings(issuer="https://login.example.test"), "admin", tmp_path / "none")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(["admin"], "make run"), (["owner"], "submitter, reviewer"), ([], "ROLE")],
)
def test_the_token_command_says_in_one_line_why_it_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("APP_ISSUER", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setattr(sys, "argv", ["token", *arguments])
    with pytest.raises(SystemExit) as stop:
        token.main()
    assert says in str(stop.value)
    assert "\n" not in str(stop.value)
