"""The rows of the table of codes, one module a family."""
