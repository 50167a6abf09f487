"""The frame of every page: header, footer, and what the browser does beside Streamlit."""

from ui.page.frame import bare, footer, header, lead, stop

__all__ = ["bare", "footer", "header", "lead", "stop"]
