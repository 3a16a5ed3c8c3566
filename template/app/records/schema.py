"""The tables, and the schema version this code is written for."""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

# The newest revision in `migrations/versions`; a service on any other schema does not work.
SCHEMA_VERSION = "0003"


class UtcDateTime(TypeDecorator[datetime]):
    """A moment with microseconds, in UTC on every database; SQLite keeps it without an offset.

    Raises `ValueError` for a moment without a zone.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn any zone into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# SQLite alters a table by rebuilding it, which needs every constraint to have a name.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

cases = Table(
    "cases",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("received_at", UtcDateTime, nullable=False),
    Column("submitter", Text, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("use_case", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("input", Text),
    Column("notes", Text, nullable=False),
    Column("request_id", Text, nullable=False),
    Index(None, "status"),
)

originals = Table(
    "originals",
    metadata,
    Column("case_id", String(64), ForeignKey(cases.c.id), primary_key=True),
    Column("content_type", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("sha256", String(64), nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("case_id", String(64), ForeignKey(cases.c.id), nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "case_id", "created_at", "id"),
)

review_items = Table(
    "review_items",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("case_id", String(64), ForeignKey(cases.c.id), nullable=False),
    Column("decision_id", String(64), ForeignKey(decisions.c.id), nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "state", "id"),
    Index(None, "case_id"),
    Index(None, "decision_id"),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("case_id", String(64), ForeignKey(cases.c.id), nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Index(None, "state", "id"),
    Index(None, "case_id"),
)

# No database sequence fills `seq`: the writer takes the head's successor, so a gap is a deletion.
audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("details", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index(None, "subject"),
)

# What a day (UTC) of model calls has cost or may still cost, in 10^-12 of the currency.
model_spend = Table(
    "model_spend",
    metadata,
    Column("day", Date, primary_key=True),
    Column("currency", String(3), primary_key=True),
    Column("amount", BigInteger, nullable=False),
)

# Labelling by people. `form` says which fields are labelled, `guideline` what people were told.
label_rounds = Table(
    "label_rounds",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("purpose", String(16), nullable=False),
    Column("source", String(64), nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("form", Text, nullable=False),
    Column("guideline", Text, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
)

# `given` labels of `wanted` ones: two, three once people differ, one in a study.
label_cases = Table(
    "label_cases",
    metadata,
    Column("round", String(64), ForeignKey(label_rounds.c.name), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("case_id", Text, nullable=False),
    Column("headline", Text, nullable=False),
    Column("sheet", Text, nullable=False),
    Column("held", Text),
    Column("given", Integer, nullable=False),
    Column("wanted", Integer, nullable=False),
    UniqueConstraint("round", "case_id"),
)

# The constraints are the last word on who labels what: one label a place, one a person.
labels = Table(
    "labels",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("round", String(64), nullable=False),
    Column("position", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("person", Text, nullable=False),
    Column("said", String(16), nullable=False),
    Column("value", Text, nullable=False),
    Column("edge", Text),
    Column("seconds", Float),
    Column("source", String(16), nullable=False),
    Column("shown_at", UtcDateTime),
    Column("saved_at", UtcDateTime, nullable=False),
    ForeignKeyConstraint(["round", "position"], [label_cases.c.round, label_cases.c.position]),
    UniqueConstraint("round", "position", "place"),
    UniqueConstraint("round", "position", "person"),
    Index(None, "round", "person"),
)

# The case that a person has on the screen, and since when.
label_turns = Table(
    "label_turns",
    metadata,
    Column("round", String(64), ForeignKey(label_rounds.c.name), primary_key=True),
    Column("person", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("shown_at", UtcDateTime, nullable=False),
)
