"""What a person may go to: the entries of the head of every page, by role."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from institutions.enums import Role
from institutions.models import Membership, User
from reports.reminders.queries import unread_count

READERS = (Role.REVIEWER, Role.DIRECTOR, Role.SUPERVISOR, Role.PLAN_ADMIN)


@dataclass(frozen=True, slots=True)
class NavigationPlace:
    """One entry: the name of its address and the roles that see it. Deny by default."""

    address: str
    label: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Frame:
    entries: list[NavigationEntry]
    unread: int


def places() -> tuple[NavigationPlace, ...]:
    return (
        NavigationPlace("returns", _("我的填报"), (Role.REPORTER,)),
        NavigationPlace("reviews", _("审核"), (Role.REVIEWER,)),
        NavigationPlace("workbooks", _("批量填报"), (Role.REVIEWER, Role.SUPERVISOR)),
        NavigationPlace("board", _("看板"), READERS),
        NavigationPlace("lagging", _("滞后清单"), READERS),
        NavigationPlace("progress", _("填报进度"), READERS),
        NavigationPlace("timeliness", _("报送质量"), READERS),
        NavigationPlace("calendar", _("填报日历"), READERS),
        NavigationPlace("summary", _("迎检汇总表"), (Role.SUPERVISOR,)),
        NavigationPlace("plans", _("工作计划"), (Role.REPORTER, *READERS)),
        NavigationPlace("register", _("机构与人员"), (Role.SYSTEM_ADMIN,)),
        NavigationPlace("admin:index", _("系统管理"), (Role.SYSTEM_ADMIN,)),
    )


def frame_for(user: User, path: str) -> Frame:
    """The entries that the person's roles open, the one whose address the page lies under as current, and how many
    notices are unread; one query."""
    rows = Membership.objects.filter(user=user).values_list("role", unread_count())
    roles, unread = {role for role, _count in rows}, max((count or 0 for _role, count in rows), default=0)
    entries = []
    for place in places():
        url = address(place.address)
        if url and roles.intersection(place.roles):
            entries.append(NavigationEntry(place.label, url, current=path.startswith(url)))
    return Frame(entries, unread)


def address(name: str) -> str:
    """The address, or nothing where this installation leaves the page out."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
