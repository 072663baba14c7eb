"""Orrery for Python: labelled training images as a stream, trainers and experiments."""


class Error(Exception):
    """What went wrong, for people: where, what was found and what was wanted."""
