"""Every table that this code knows."""

from sqlalchemy import MetaData, text

import models.company
import models.desks
import models.feedback
import models.heroes
import models.home
import models.intake.bookings
import models.intake.decisions
import models.intake.events
import models.intake.nudges
import models.outbox
import models.planning
import models.retros
import models.rhythm
import models.sharing
import models.sprints
import models.subscriptions  # noqa: F401  (every table must be known before it can be compared)
from models.base import Base

METADATA = Base.metadata


def to_compare() -> MetaData:
    """The tables, with the conditions of their partial indexes."""
    for table in METADATA.sorted_tables:
        for index in table.indexes:
            if "where" in index.info:
                where = text(index.info["where"])
                index.dialect_kwargs.update(sqlite_where=where, postgresql_where=where)
    return METADATA
