"""Every upload of the product, with a sound file for each, so that odd ones can be put through all of them."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl.utils import get_column_letter

from institutions.enums import Role
from institutions.roster import PEOPLE, PEOPLE_COLUMNS, UNIT_COLUMNS, UNITS
from reports.workbooks.sheets import layout, long, wide
from tests.factories import person
from tests.institutions.rosters import as_bytes, person_row, unit, workbook
from tests.reports.workbooks.helpers import (
    download_county,
    download_past,
    download_return,
    fill_all,
    find_row,
    main_sheet,
    make_named_scene,
    pack_book,
)

REFUSED, PROBLEM, TAKEN, BROKEN = "refused", "problem", "taken", "500"


@dataclass(frozen=True, eq=False)
class Door:
    """One upload: the address, who is logged in, a sound file and the cell that oddities are put into."""

    name: str
    client: Client
    address: str
    data: bytes
    place: str
    read: Callable[[Any], str]
    part: str = "file"
    beside: dict[str, str] = field(default_factory=dict)

    def send(self, data: bytes, name: str = "表.xlsx") -> tuple[str, float]:
        """What became of the file, and in how many seconds."""
        start = time.perf_counter()
        sent = {self.part: SimpleUploadedFile(name, data), **self.beside}
        response = self.client.post(self.address, sent, follow=True)
        seconds = time.perf_counter() - start
        return BROKEN if response.status_code >= 500 else self.read(response), seconds


def logged_in(user: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def make_doors() -> list[Door]:
    cache.clear()
    scene = make_named_scene()
    county = scene.places.counties[0]
    admin = logged_in(person(Role.SYSTEM_ADMIN, county, is_staff=True))
    keeper = logged_in(person(Role.PLAN_ADMIN, scene.places.city))
    reporter, reviewer = logged_in(scene.reporter), logged_in(scene.reviewer)
    register = workbook([unit(contact_phone="0371")], [person_row(phone="0371")])
    people = workbook([unit()], [person_row(phone="0371")])
    for book, sheet in ((register, UNITS), (people, PEOPLE)):
        book.move_sheet(sheet, -book.index(book[sheet]))
    own = fill_all(download_return(scene))
    answer = f"{get_column_letter(long.VALUE)}{find_row(main_sheet(own), '全部诊疗人次')}"
    first = f"{get_column_letter(wide.FIRST_ANSWER)}{layout.BODY_ROW}"
    check = reverse("register_check")
    region = f"?region={county.pk}"
    returned, attached = (reverse(name, args=[scene.submission.pk]) for name in ("return_workbook", "evidence"))
    item = {"item": f"{scene.visits.pk}-{scene.hospital.pk}"}
    return [
        Door("register", admin, check, as_bytes(register), f"{letter(UNIT_COLUMNS, 'contact_phone')}3", of_register),
        Door("people", admin, check, as_bytes(people), f"{letter(PEOPLE_COLUMNS, 'phone')}3", of_register),
        Door("return", reporter, returned, pack_book(own), answer, of_workbook),
        Door("county", reviewer, reverse("workbooks") + region, pack_book(download_county(scene)), first, of_workbook),
        Door("past", reviewer, reverse("past_workbooks") + region, pack_book(download_past(scene)), first, of_workbook),
        Door("plan", keeper, reverse("plan_upload"), as_bytes(register), "B3", of_plan),
        Door("evidence", reporter, attached, as_bytes(register), "B3", of_evidence, "files", item),
    ]


def letter(columns: Any, name: str) -> str:
    return get_column_letter([column.name for column in columns].index(name) + 1)


def of_register(response: Any) -> str:
    plan = response.context.get("plan")
    if plan is None:
        assert response.context["told"]
        return REFUSED
    return PROBLEM if plan.problems else TAKEN


def of_workbook(response: Any) -> str:
    run = response.context["page"].run
    if not run.problems:
        return TAKEN
    return PROBLEM if all(problem.at for problem in run.problems) else REFUSED


def of_plan(response: Any) -> str:
    if response.context["form"].errors:
        return REFUSED
    return PROBLEM if response.context.get("problems") else TAKEN


def of_evidence(response: Any) -> str:
    told = [str(message) for message in response.context["messages"]]
    assert told
    return TAKEN if any(message.startswith("已上传") for message in told) else REFUSED
