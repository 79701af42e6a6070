"""The company's sprint page: one message a period, with every team on it."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Page(Base):
    """One message of the company's page from `starts_on` to `ends_on`, both included.

    A large company's page has several parts, counted from 1: the others stand in the first one's thread.
    """

    __tablename__ = "pages"
    __table_args__ = (UniqueConstraint("starts_on", "part"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    part: Mapped[int]
