"""Every table that this code knows."""

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
import models.sprints  # noqa: F401  (every table must be known before it can be compared)
from models.base import Base

METADATA = Base.metadata
