"""The lesson's story: the part of each page in words and code, and its key points."""
