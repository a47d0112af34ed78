"""A city of hospitals whose quarter is open: a reporter for each, reviewers for each county, and all the answers."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.contrib.auth.hashers import make_password
from django.core.management import call_command

from institutions.clock import SHANGHAI
from institutions.enums import InstitutionKind, RegionLevel, Role
from institutions.models import Institution, Membership, Region, User
from reports.models import Submission
from reports.questions import answers
from reports.questions.answers import Question
from reports.returns.actions import opening
from reports.returns.queries.submissions import questions_for
from targets.enums import ElementType
from targets.periods import Quarter
from tests.bench.generate import make_constants, make_places, make_units
from tests.bench.promises import allot, make_plan
from tests.bench.sizes import Size

QUARTER = Quarter(2024, 1)
TODAY = "2024-04-10"
NOW = datetime(2024, 4, 10, 8, tzinfo=SHANGHAI)
PASSWORD = "Load-test-2024"
COUNTIES = 4
FIELDS_OF_EACH = 1009  # a prime, so that no two units answer alike


@dataclass(frozen=True, slots=True)
class Return:
    """What one person hands in: the names of the fields of the page and what is typed there."""

    submission_id: int
    username: str
    county_id: int
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class World:
    returns: list[Return]
    reviewers: dict[int, str]


def make(units: int) -> World:
    """Everything anew, in the embedded database of VAR_DIR."""
    call_command("migrate", verbosity=0, interactive=False)
    places = make_places(Size("load", 1, 1, COUNTIES, COUNTIES * 10, units, approvals=0))
    units_of = make_units(Size("load", 1, 1, COUNTIES, COUNTIES * 10, units, approvals=0), places)
    Institution.objects.update(closed=None, kind=InstitutionKind.TOWNSHIP_HOSPITAL, grade="general")
    make_plan(units)
    allot(units_of, units)
    make_constants(units_of)
    reviewers = make_people()
    opening.open_quarter(QUARTER, NOW)
    return World(list(returns()), reviewers)


def make_people() -> dict[int, str]:
    """Gives the reviewer's name by county."""
    encoded = make_password(PASSWORD)
    units = list(Institution.objects.order_by("pk"))
    counties = list(Region.objects.filter(level=RegionLevel.COUNTY))
    names = {f"reporter{unit.pk}": unit for unit in units}
    people = User.objects.bulk_create(User(username=name, password=encoded) for name in names)
    reviewers = User.objects.bulk_create(User(username=f"reviewer{each.pk}", password=encoded) for each in counties)
    Membership.objects.bulk_create(
        Membership(user=user, role=Role.REPORTER, institution=names[user.username]) for user in people
    )
    Membership.objects.bulk_create(
        Membership(user=user, role=Role.REVIEWER, region=county)
        for user, county in zip(reviewers, counties, strict=True)
    )
    return {county.pk: user.username for user, county in zip(reviewers, counties, strict=True)}


def returns():
    submissions = Submission.objects.of_quarter(QUARTER).select_related("reporter__region").order_by("pk")
    questions = questions_for([each.reporter_id for each in submissions], QUARTER)
    for each in submissions:
        fields = {
            "v-{}-{}".format(*question.key): answers.typed_text(value_of(question), question.element)
            for question in questions[each.reporter_id]
        }
        yield Return(each.pk, f"reporter{each.reporter_id}", each.reporter.region.parent_id, fields)


def value_of(question: Question) -> Decimal:
    """Told apart by unit and element, and fit for the element's kind."""
    element, number = question.element, question.subject.pk * FIELDS_OF_EACH + question.element.pk
    if element.type == ElementType.YESNO:
        return Decimal(number % 2)
    if element.type == ElementType.LEVEL:
        return Decimal(number % len(element.levels))
    return Decimal(100 + number % 900)
