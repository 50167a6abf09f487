"""Training for the pages: requests, the shared cache, the bar, and faults in words."""
