"""Labelling by people: rounds, their cases, the labels, and who has which case on the screen."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "label_rounds",
        _short("name"),
        sa.Column("purpose", sa.String(16), nullable=False),
        _short("source"),
        sa.Column("seed", sa.BigInteger, nullable=False),
        _short("digest"),
        _text("form"),
        _text("guideline"),
        _at("started_at"),
        sa.PrimaryKeyConstraint("name", name="pk_label_rounds"),
    )
    _cases()
    _labels()
    op.create_table(
        "label_turns",
        _short("round"),
        _text("person"),
        _number("position"),
        _at("shown_at"),
        sa.PrimaryKeyConstraint("round", "person", name="pk_label_turns"),
        _of_round("label_turns"),
    )


def downgrade() -> None:
    """Drop them with every label. The release before knows no labelling."""
    for table in ("label_turns", "labels", "label_cases", "label_rounds"):
        op.drop_table(table)


def _short(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(64), nullable=False)


def _text(name: str, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False, autoincrement=False)


def _at(name: str, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _of_round(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_round_label_rounds"
    return sa.ForeignKeyConstraint(["round"], ["label_rounds.name"], name=name)


def _cases() -> None:
    op.create_table(
        "label_cases",
        _short("round"),
        _number("position"),
        _text("case_id"),
        _text("headline"),
        _text("sheet"),
        _text("held", nullable=True),
        _number("given"),
        _number("wanted"),
        sa.PrimaryKeyConstraint("round", "position", name="pk_label_cases"),
        sa.UniqueConstraint("round", "case_id", name="uq_label_cases_round_case_id"),
        _of_round("label_cases"),
    )


def _labels() -> None:
    op.create_table(
        "labels",
        _short("id"),
        _short("round"),
        _number("position"),
        _number("place"),
        _text("person"),
        sa.Column("said", sa.String(16), nullable=False),
        _text("value"),
        _text("edge", nullable=True),
        sa.Column("seconds", sa.Float, nullable=True),
        sa.Column("source", sa.String(16), nullable=False),
        _at("shown_at", nullable=True),
        _at("saved_at"),
        sa.PrimaryKeyConstraint("id", name="pk_labels"),
        sa.ForeignKeyConstraint(
            ["round", "position"],
            ["label_cases.round", "label_cases.position"],
            name="fk_labels_round_label_cases",
        ),
        sa.UniqueConstraint("round", "position", "place", name="uq_labels_round_position_place"),
        sa.UniqueConstraint("round", "position", "person", name="uq_labels_round_position_person"),
    )
    op.create_index("ix_labels_round_person", "labels", ["round", "person"])
