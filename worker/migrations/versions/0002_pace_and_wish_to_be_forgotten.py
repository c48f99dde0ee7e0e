# SPDX-License-Identifier: Apache-2.0
"""How fast a caller likes to be spoken to, and when they asked to be forgotten."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("caller", schema=None) as batch_op:
        slowness = sa.Column("slowness", sa.Integer(), nullable=False, server_default="0")
        batch_op.add_column(slowness)
        batch_op.add_column(sa.Column("forget_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("caller", schema=None) as batch_op:
        batch_op.drop_column("forget_at")
        batch_op.drop_column("slowness")
