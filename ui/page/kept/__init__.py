"""What outlives a session: the browser's own storage, and the progress file."""
