# SPDX-License-Identifier: Apache-2.0
"""Alembic's entry: migrates over the connection that `upgrade` opened."""

from __future__ import annotations

from alembic import context

import worker.training_records  # noqa: F401 - its tables, too
from worker.records import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
