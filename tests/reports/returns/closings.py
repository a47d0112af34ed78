"""A hospital with three clinics that is to be merged into its neighbour, and who may do it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from institutions.actions import enrolment
from institutions.clock import SHANGHAI
from institutions.effects import Effect
from institutions.enums import Role
from institutions.models import Institution, User
from institutions.preview import RegisterPreview, unit_row
from institutions.queries import administered_paths
from institutions.roster import Roster
from reports.judging import recompute
from reports.models import Submission
from reports.questions.answers import Answer
from reports.questions.queries.asked import questions_asked
from reports.returns.actions import opening, submissions
from targets.periods import Quarter
from tests.factories import InstitutionFactory, VillageClinicFactory, person
from tests.reports.returns.helpers import MORNING, Q1, Filling, filling

MARCH_20 = date(2024, 3, 20)
LATER = datetime(2024, 4, 11, 9, tzinfo=SHANGHAI)


@dataclass
class Closing:
    """`old` carries `clinics`; `new` is its neighbour with nobody's line but its own. 2024Q1 is open for both."""

    scene: Filling
    old: Institution
    new: Institution
    clinics: list[Institution]
    admin: User

    def preview(self, *changes: tuple[Institution, dict[str, Any]], now: datetime = LATER) -> RegisterPreview:
        planned = enrolment.preview_kept_roster(self.keep(changes), self.admin, now)
        assert planned is not None
        return planned

    def keep(self, changes: Sequence[tuple[Institution, dict[str, Any]]]) -> str:
        paths = administered_paths(self.admin)
        for unit, _ in changes:
            unit.refresh_from_db()
        rows = [replace(unit_row(unit, paths), row=n, **fields) for n, (unit, fields) in enumerate(changes, 3)]
        return enrolment.keep_roster(Roster(units=rows), self.admin)

    def do(self, *changes: tuple[Institution, dict[str, Any]], reason: str = "", now: datetime = LATER) -> None:
        token = self.keep(changes)
        planned = enrolment.preview_kept_roster(token, self.admin, now)
        assert planned is not None
        assert planned.problems == []
        enrolment.confirm(token, seen=planned.fingerprint, reason=reason, by=self.admin, now=now)

    def merge(self, on: date = MARCH_20, **how: Any) -> None:
        self.do((self.old, {"closed": on, "merged_into": self.new.code}), **how)

    def reopen(self, **how: Any) -> None:
        self.do((self.old, {"closed": None, "merged_into": ""}), **how)

    @property
    def answers(self) -> list[Answer]:
        """A return without findings, with a line for each clinic."""
        others = [Answer(self.scene.equipped.pk, clinic.pk, Decimal(1)) for clinic in self.clinics[1:]]
        return self.scene.answers() + others

    def save(self, now: datetime = MORNING) -> None:
        submissions.save_draft(self.scene.submission, self.answers, self.scene.reporter, now)

    def hand_in(self, now: datetime = MORNING) -> Submission:
        self.save(now)
        return submissions.submit(self.scene.submission, self.scene.reporter, now)

    def return_of(self, unit: Institution, quarter: Quarter = Q1) -> Submission:
        return Submission.objects.select_related("reporter").get(reporter=unit, quarter=quarter.ordinal)

    def asked_about(self, unit: Institution, quarter: Quarter = Q1) -> set[Institution]:
        return {question.subject for question in questions_asked(unit, quarter)}


def closing() -> Closing:
    scene = filling()
    county = scene.places.counties[0]
    clinics = [scene.clinic, *VillageClinicFactory.create_batch(2, reported_by=scene.hospital)]
    new = InstitutionFactory(region=county, name="新镇卫生院")
    period = opening.open_quarter(Q1, MORNING)
    recompute.recompute_period(scene.plan, period, MORNING)
    return Closing(scene, scene.hospital, new, clinics, person(Role.SYSTEM_ADMIN, county))


def told(effects: Sequence[Effect], topic: str) -> list[tuple[str, str, str]]:
    return [(each.about, each.quarter, each.text) for each in effects if each.topic == topic]
