# SPDX-License-Identifier: Apache-2.0
"""The record of the learning loop: test photos, training runs, promotions, readings in shadow."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from worker.crypto import EncryptedJSON

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("caller") as caller:
        caller.add_column(sa.Column("test_consent", sa.Boolean(), nullable=True))
    _create_lease()
    _create_promotion()
    _create_training_run()
    _create_shadow_reading()
    _create_test_photo()


def downgrade() -> None:
    for table in ("test_photo", "shadow_reading", "training_run", "promotion", "lease"):
        op.drop_table(table)
    with op.batch_alter_table("caller") as caller:
        caller.drop_column("test_consent")


def _create_lease() -> None:
    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )


def _create_promotion() -> None:
    op.create_table(
        "promotion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("bundle", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("replaced", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("verdict", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotion")),
    )


def _create_training_run() -> None:
    op.create_table(
        "training_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("beat", sa.JSON(), nullable=True),
        sa.Column("beat_at", sa.DateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("labels", sa.Integer(), nullable=False),
        sa.Column("flow_run", sa.String(length=64), nullable=True),
        sa.Column("tracking_run", sa.String(length=64), nullable=True),
        sa.Column("snapshot", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_run")),
    )
    op.create_index(op.f("ix_training_run_state"), "training_run", ["state"])


def _create_shadow_reading() -> None:
    op.create_table(
        "shadow_reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("challenger", sa.String(length=64), nullable=False),
        sa.Column("differs", sa.Boolean(), nullable=False),
        sa.Column("champion_sure", sa.Boolean(), nullable=False),
        sa.Column("challenger_sure", sa.Boolean(), nullable=False),
        sa.Column("right", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reading_id"],
            ["reading.id"],
            name=op.f("fk_shadow_reading_reading_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shadow_reading")),
        sa.UniqueConstraint("reading_id", "challenger", name=op.f("uq_shadow_reading_reading_id")),
    )
    op.create_index(op.f("ix_shadow_reading_reading_id"), "shadow_reading", ["reading_id"])


def _create_test_photo() -> None:
    op.create_table(
        "test_photo",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("caller_id", sa.Integer(), nullable=False),
        sa.Column("confirmation_id", sa.Integer(), nullable=True),
        sa.Column("object_key", sa.String(length=128), nullable=False),
        sa.Column("secret", EncryptedJSON(), nullable=True),
        sa.Column("label", sa.String(length=16), nullable=False),
        sa.Column("misled", sa.Boolean(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["caller_id"],
            ["caller.id"],
            name=op.f("fk_test_photo_caller_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["confirmation_id"],
            ["confirmation.id"],
            name=op.f("fk_test_photo_confirmation_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_photo")),
        sa.UniqueConstraint("confirmation_id", name=op.f("uq_test_photo_confirmation_id")),
    )
    op.create_index(op.f("ix_test_photo_caller_id"), "test_photo", ["caller_id"])
