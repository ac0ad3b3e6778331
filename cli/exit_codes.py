"""What the exit codes of `migrate` mean, in all its sub-commands."""

DONE = 0
"""The work is done and the answer is yes."""
NEGATIVE = 1
"""The work is done and the answer is no: not convertible, or not equal."""
COULD_NOT_RUN = 2
"""Bad usage, unreadable input, a failed build: no answer."""
INTERRUPTED = 130
"""Stopped by Ctrl-C."""
