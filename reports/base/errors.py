"""Why an action did not happen. `str(error)` is the sentence for the person; nothing was changed."""


class RefusedError(Exception):
    """The return does not stand where the action needs it."""
