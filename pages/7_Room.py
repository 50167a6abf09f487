"""A room of the class, as its phones see it. No menu leads here."""

from ui import page
from ui.navigation import ROOM
from ui.sections.room import voter

page.bare(ROOM)
voter.show()
