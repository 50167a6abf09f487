"""The code editor: a component of Streamlit, and the browser's copy of what is typed in it."""

from ui.exercises.editor.component import HEIGHT, Said, edit, plain_box, take

__all__ = ["HEIGHT", "Said", "edit", "plain_box", "take"]
