"""Charts of the folds in ui/sections/why, a file for each."""
