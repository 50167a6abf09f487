"""A run that leaves the app: as a script, a notebook, and the same run in PyTorch."""
