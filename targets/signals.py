"""What happened to a plan that others must hear of."""

from django.dispatch import Signal

# plan, since (the first quarter that may be judged otherwise), now: numbers of a plan were entered.
# Sent when that has committed.
numbers_changed = Signal()

# target, since (the first quarter that the new terms judge), now: a target was revised. Sent likewise.
target_revised = Signal()
