"""A real PostgreSQL for the runs of whole systems."""

from tests.postgres import postgres

__all__ = ["postgres"]
