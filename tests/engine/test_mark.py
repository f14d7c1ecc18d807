"""The short way through ``mark`` for ordinary text gives what the long way gives."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine import text

COMMON = st.text(st.sampled_from([chr(c) for c in range(128)] + list("çÇğĞıİöÖşŞüÜâÂîÎûÛ’́̇")), max_size=60)


@given(COMMON)
def test_both_ways_agree(typed: str) -> None:
    """ASCII and Turkish letters in any order, with marks that force the long way now and then."""
    short = text.mark(typed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text, "_COMMON", re.compile(r"(?!)"))
        assert short == text.mark(typed)
