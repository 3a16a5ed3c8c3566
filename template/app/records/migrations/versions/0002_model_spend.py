"""What model calls cost on each day, which the spending cap is held against."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; no day before this one has been counted."""
    op.create_table(
        "model_spend",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("day", "currency", name="pk_model_spend"),
    )


def downgrade() -> None:
    """Drop it. The release before has no cap."""
    op.drop_table("model_spend")
