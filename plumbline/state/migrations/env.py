"""How Alembic runs the steps: on the connection and in the transaction of whoever opened the store."""

from alembic import context

from plumbline.state.migrate import VERSION_TABLE


def run() -> None:
    context.configure(connection=context.config.attributes["connection"], version_table=VERSION_TABLE)
    context.run_migrations()


if hasattr(context, "config"):  # as Alembic runs it; whoever only loads the module does nothing
    run()
