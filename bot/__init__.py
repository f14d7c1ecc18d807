"""Köprü: a question-answering bot that is right, or says so."""

__version__ = "0.1.0"
