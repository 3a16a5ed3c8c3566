"""`python -m app.records.audit`: follow the audit chain and say whether it holds.

Ends with 1 when it does not. A tail that was cut off cannot be seen from within: keep the
printed count and head somewhere else and compare them with a later run.
"""

import sys

from sqlalchemy.exc import SQLAlchemyError

from app.errors import Unavailable
from app.records.chain import Chain, inspect_chain
from app.records.engine import database_url, reading_engine
from app.records.pool import check_schema
from app.settings import SettingsError, load


def read_chain(url: str) -> Chain:
    """Follow the chain of a database in one read transaction."""
    engine = reading_engine(database_url(url), 1)
    try:
        with engine.begin() as connection:
            check_schema(connection)
            return inspect_chain(connection)
    finally:
        engine.dispose()


def main() -> None:
    """Report on the database of `APP_DATABASE_URL`."""
    try:
        chain = read_chain(load().database_url.get_secret_value())
    except (SettingsError, Unavailable) as error:
        raise SystemExit(str(error)) from None
    except SQLAlchemyError as error:
        raise SystemExit(f"The chain cannot be read: {error}") from None
    if chain.broken is not None:
        raise SystemExit(
            f"chain is broken at entry {chain.broken}: it was changed or deleted,"
            f" the {chain.entries} before it hold"
        )
    sys.stdout.write(
        f"chain holds over {chain.entries} entries\n"
        f"head {chain.head}\n"
        "Entries cut off at the end do not show here: keep count and head elsewhere to compare.\n"
    )


if __name__ == "__main__":
    main()
