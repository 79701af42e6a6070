"""What all tables share: constraint names, UTC times, and the types behind our annotations."""

from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import JSON, DateTime, Dialect, Index, MetaData, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, mapped_column

from bot.platform import zones

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An instant, stored in UTC. A naive value is a bug, and refused as a ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        # SQLite gives the zone back as nothing at all; what is stored is UTC.
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ZoneName(TypeDecorator[str]):
    """The name of a time zone. What this machine knows no zone of is read as `instead`, and one bad row stops nobody."""

    impl = String(64)
    cache_ok = True

    def __init__(self, instead: str | None) -> None:
        super().__init__()
        self.instead = instead

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return zones.known(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return zones.known(value) or self.instead


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index over the rows for which `where` holds, on both databases.

    Only who migrates needs to know for which (`migrations/tables.py`): to say it here would load the code for both databases.
    """
    return Index(name, *columns, unique=unique, info={"where": where})


class Base(DeclarativeBase):
    """The parent of all tables."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012  (SQLAlchemy reads it as a plain class attribute)
        datetime: UtcDateTime(),
        list[dict[str, Any]]: JSON(),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
    }


# Slack's ids are short (U…, W…, C…, D…), but Slack promises no length.
SlackId = Annotated[str, mapped_column(String(32))]
