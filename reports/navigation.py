"""What a person may go to: the entries of the head of every page, by role."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from institutions.enums import Role
from institutions.models import Membership, User

READERS = (Role.REVIEWER, Role.DIRECTOR, Role.SUPERVISOR, Role.PLAN_ADMIN)


@dataclass(frozen=True, slots=True)
class Place:
    """One entry: the name of its address and the roles that see it. Deny by default."""

    address: str
    label: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    label: str
    url: str
    current: bool


def places() -> tuple[Place, ...]:
    return (
        Place("returns", _("我的填报"), (Role.REPORTER,)),
        Place("reviews", _("审核"), (Role.REVIEWER,)),
        Place("board", _("看板"), READERS),
        Place("lagging", _("滞后清单"), READERS),
        Place("progress", _("填报进度"), READERS),
        Place("summary", _("迎检汇总表"), (Role.SUPERVISOR,)),
        Place("plans", _("工作计划"), (Role.REPORTER, *READERS)),
        Place("admin:index", _("系统管理"), (Role.SYSTEM_ADMIN,)),
    )


def entries_for(user: User, path: str) -> list[Entry]:
    """The entries that the person's roles open; the one whose address the page lies under is current."""
    roles = set(Membership.objects.filter(user=user).values_list("role", flat=True))
    entries = []
    for place in places():
        url = address(place.address)
        if url and roles.intersection(place.roles):
            entries.append(Entry(place.label, url, current=path.startswith(url)))
    return entries


def address(name: str) -> str:
    """The address, or nothing where this installation leaves the page out."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
