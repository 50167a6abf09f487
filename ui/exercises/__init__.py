"""The exercises on their page: tasks, forms, and who may run code."""
