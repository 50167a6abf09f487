"""Draw the curve before you see it: a place to draw in, and what the drawing says.

sketch = drawing.Sketch("dropout", about, dropped, "test", "test loss with p = 0.2")
sketch.reveal()                                     # judges a new drawing
sketch.ask({"no dropout": run}, ("training", "test"))
charts.curves(lines, LOSS, drawn=sketch.behind(lines))
"""

from ui.sections.drawing.drawn import Sketch

__all__ = ["Sketch"]
