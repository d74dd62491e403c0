"""GBCS messages as head ends and meters exchange them: envelope, GBZ payload, MAC and signature, use cases."""


class GbcsError(Exception):
    """A message that is not what it should be; the text says in one line what is wrong, and where."""
