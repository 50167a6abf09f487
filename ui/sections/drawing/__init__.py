"""Draw the curve before you see it: a place to draw in, and what the drawing says.

sketch = drawing.Sketch("dropout", about, dropped, "test", "test loss with p = 0.2")
sketch.reveal()                                     # judges a new drawing
sketch.ask({"no dropout": run}, ("training", "test"))
sketch.behind(charts.curves(lines, LOSS, top=sketch.top(top)), lines)
"""

from ui.sections.drawing.drawn import Sketch

__all__ = ["Sketch"]
