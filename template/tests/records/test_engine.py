"""A database that cannot be used is named before the first case arrives."""

import asyncio
import importlib.util
import os
from pathlib import Path

import pytest

from app.records import engine, open_records
from app.records.migrate import migrate
from app.settings import SettingsError

from .support import ACTOR, new_case, new_decision, postgres_only, python, run


def test_the_folder_of_the_file_is_made(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/deep/down/app.db"
    open_records(url).close()
    assert (tmp_path / "deep" / "down").is_dir()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "not a database URL"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("mysql://localhost/x", "must begin with"),
        ("sqlite:////proc/app.db", "cannot be written"),
    ],
)
def test_a_url_that_cannot_work_is_refused(url: str, message: str) -> None:
    with pytest.raises(SettingsError, match=f"APP_DATABASE_URL: .*{message}"):
        open_records(url)


def test_a_file_where_the_folder_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(SettingsError, match="cannot be written"):
        open_records(f"sqlite:///{tmp_path}/data/app.db")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anything")
def test_a_file_that_may_only_be_read_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/app.db"
    migrate(url)
    (tmp_path / "app.db").chmod(0o400)
    with pytest.raises(SettingsError, match="cannot be written"):
        open_records(url)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_missing_driver_is_named_with_the_cure(
    monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(
        "importlib.util.find_spec",
        lambda name: None if name == "psycopg" else real(name),
    )
    with pytest.raises(SettingsError, match="make setup EXTRAS=postgres"):
        open_records(f"{scheme}://localhost/x")


def test_a_password_does_not_show() -> None:
    with pytest.raises(SettingsError) as caught:
        open_records("mysql://user:hunter2@localhost/x")
    assert "hunter2" not in str(caught.value)


def test_the_command_says_what_is_wrong_with_the_url() -> None:
    command = python("-m", "app.records.migrate", url="mysql://user:hunter2@localhost/x")
    out, error = command.communicate()
    assert (command.returncode, out) == (1, "")
    assert error == "APP_DATABASE_URL: must begin with sqlite:/// or postgresql://\n"


def test_a_commit_is_on_the_disk_before_it_is_told(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/app.db"
    migrate(url)
    made = engine.writing_engine(engine.database_url(url), 1)
    with made.connect() as connection:
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        values = [connection.exec_driver_sql(f"PRAGMA {one}").scalar_one() for one in pragmas]
    made.dispose()
    assert values == ["wal", 2, 1, 5000]


@postgres_only
def test_a_writer_on_a_server_waits_a_bounded_time_and_sees_each_commit(empty_url: str) -> None:
    made = engine.writing_engine(engine.database_url(empty_url), 1)
    with made.connect() as connection:
        settings = ("lock_timeout", "statement_timeout", "transaction_isolation")
        values = [connection.exec_driver_sql(f"SHOW {one}").scalar_one() for one in settings]
    made.dispose()
    assert values == ["5s", "30s", "read committed"]


def test_the_service_does_not_import_the_migration_library(tmp_path: Path) -> None:
    code = "import sys, app.records; sys.exit('alembic' in sys.modules)"
    command = python("-c", code, url=f"sqlite:///{tmp_path}/app.db")
    assert command.communicate() == ("", "")
    assert command.returncode == 0


def test_closing_finishes_what_was_begun(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/app.db"
    migrate(url)
    records = open_records(url)

    async def stop_at_work() -> None:
        calls = [records.store_decision(new_case(), new_decision(), ACTOR) for _ in range(5)]
        tasks = [asyncio.create_task(call) for call in calls]
        await asyncio.sleep(0)
        await asyncio.to_thread(records.close)
        await asyncio.gather(*tasks)

    run(stop_at_work())
    assert [path.name for path in tmp_path.iterdir()] == ["app.db"]
    reopened = open_records(url)
    assert run(reopened.counts())["cases"] == 5
    reopened.close()
