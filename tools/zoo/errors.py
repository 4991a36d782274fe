"""The one error that a person at the command line is meant to read."""


class ZooError(Exception):
    """A request that cannot be met. The message says what was wrong and what to do about it."""
