"""What happened to places that others must hear of."""

from django.dispatch import Signal

# since (the day from which places differ): sent when the change has committed.
regions_changed = Signal()

# today: asked for the quarters that are over and the one that is filled in now (`institutions.quarters.KeptQuarters`).
quarters_asked = Signal()

# since (the first day of the earliest quarter over that changes): sent when the change has committed.
units_backdated = Signal()
