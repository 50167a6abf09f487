"""The lesson's loop one line at a time, in the browser."""

from ui.sections.story.stepper.component import show

__all__ = ["show"]
