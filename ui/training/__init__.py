"""Training for the pages: requests, the shared cache, the progress bar, error messages."""
