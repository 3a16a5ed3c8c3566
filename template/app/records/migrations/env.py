"""Runs the migrations on the connection that `app.records.migrate` hands over."""

from alembic import context

from app.records.schema import metadata

# SQLite cannot alter most of a table; a batch rebuilds it.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
