"""Guards how evidence is read: its date is told in words."""

from __future__ import annotations

from headtohead.content.evidence import when


def test_dates_are_told_in_words():
    assert when("2025-08-07") == "7 August 2025"
    assert when("2024-03") == "March 2024"
    assert when("2020") == "2020"
    assert when("read 2026-11") == "read November 2026"
