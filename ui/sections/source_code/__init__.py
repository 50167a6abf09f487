"""Source code on a page: functions read by `inspect`, and the lesson's loop line by line."""

from ui.sections.source_code.listing import essence, show

__all__ = ["essence", "show"]
