"""The library that loads files into the environment."""

LOADING = frozenset({"dotenv.load_dotenv", "dotenv.main.load_dotenv"})
"""The names of the function that does."""
