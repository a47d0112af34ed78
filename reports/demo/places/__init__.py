"""The invented histories, one module a place, in the order in which they are loaded."""

from reports.demo.places import guanyun, kaifeng, nanchang, wuzhong, xinhui

__all__ = ["AT_ONCE", "HISTORIES"]

HISTORIES = {place.HISTORY.slug: place.HISTORY for place in (kaifeng, guanyun, wuzhong, nanchang, xinhui)}
AT_ONCE = ("kaifeng", "guanyun")  # what `make run` brings
