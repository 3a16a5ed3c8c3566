"""Cases with their originals, decisions, review items, quarantine, and the audit chain."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the first tables."""
    _cases()
    _outcomes()
    _audit()


def downgrade() -> None:
    """Drop them with everything in them."""
    for table in ("audit", "quarantine", "review_items", "decisions", "originals", "cases"):
        op.drop_table(table)


def _id(name: str = "id") -> sa.Column[str]:
    return sa.Column(name, sa.String(64), nullable=False)


def _text(name: str, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)


def _at(name: str, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}")


def _key(table: str, column: str = "id") -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(column, name=f"pk_{table}")


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)


def _cases() -> None:
    op.create_table(
        "cases",
        _id(),
        _at("received_at"),
        _text("submitter"),
        _text("content_type"),
        sa.Column("status", sa.String(16), nullable=False),
        _text("use_case"),
        _text("language"),
        _text("input", nullable=True),
        _text("notes"),
        _text("request_id"),
        _key("cases"),
    )
    _index("cases", "status")
    op.create_table(
        "originals",
        _id("case_id"),
        _text("content_type"),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        _key("originals", "case_id"),
        _refers("originals", "case_id", "cases"),
    )


def _outcomes() -> None:
    op.create_table(
        "decisions",
        _id(),
        _id("case_id"),
        _text("body"),
        _at("created_at"),
        _key("decisions"),
        _refers("decisions", "case_id", "cases"),
    )
    _index("decisions", "case_id", "created_at", "id")
    op.create_table(
        "review_items",
        _id(),
        _id("case_id"),
        _id("decision_id"),
        _text("reason"),
        sa.Column("state", sa.String(16), nullable=False),
        _at("created_at"),
        _key("review_items"),
        _refers("review_items", "case_id", "cases"),
        _refers("review_items", "decision_id", "decisions"),
    )
    _index("review_items", "state", "id")
    _index("review_items", "case_id")
    _index("review_items", "decision_id")
    op.create_table(
        "quarantine",
        _id(),
        _id("case_id"),
        _text("reason"),
        _text("detail"),
        sa.Column("state", sa.String(16), nullable=False),
        _at("created_at"),
        _at("closed_at", nullable=True),
        _key("quarantine"),
        _refers("quarantine", "case_id", "cases"),
    )
    _index("quarantine", "state", "id")
    _index("quarantine", "case_id")


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=False),
        _at("at"),
        _text("actor"),
        _text("action"),
        _text("subject"),
        _text("details"),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        _key("audit", "seq"),
    )
    _index("audit", "subject")
