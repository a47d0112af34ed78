"""What happened to places that others must hear of."""

from django.dispatch import Signal

# since (the day from which places differ): sent when the change has committed.
regions_changed = Signal()
