"""The exercises on their page: tasks, forms, and access control for running code."""
