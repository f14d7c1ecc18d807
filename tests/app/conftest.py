"""Fixtures of the composition root's tests: a desk on the small content, as in the desk's own tests."""

from tests.desk.conftest import clock, desk, edition, folder, journal, troubled

__all__ = ["clock", "desk", "edition", "folder", "journal", "troubled"]
