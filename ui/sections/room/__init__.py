"""A room for the class: a teacher asks the page's question, phones vote, talk and vote again."""
