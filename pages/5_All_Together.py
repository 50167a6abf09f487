"""All together."""

from ui import page

page.frame(page.PAGES[4])
