"""What is told in the places whose values are made of their plans' targets: a whole register, every quarter."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

import pytest

from institutions.demo import PROFILES, draw_demo
from reports.demo import load as demo
from reports.demo.behaviour import BehaviourProfile
from reports.demo.demo_plan import DemoPlan
from reports.demo.history import PlaceHistory
from reports.demo.people import residents_by_region
from reports.demo.places import HISTORIES
from reports.demo.plausible import plausible
from reports.demo.simulated_unit import SimulatedUnit
from reports.demo.values import invent_answer
from reports.questions.answers import Answer, AnswerKey, Question
from reports.questions.checks import check_answers, hard_findings
from reports.questions.queries.asked import questions_for, reporters_asked
from targets.enums import Accumulation
from targets.models import Constant, Milestone, Plan
from targets.periods import Quarter

pytestmark = pytest.mark.django_db
OLD_PLANS = [slug for slug in HISTORIES if slug != "kaifeng"]


def silent(line: str) -> None:
    """Nobody listens."""


def opened(slug: str) -> tuple[PlaceHistory, Plan, DemoPlan]:
    history = HISTORIES[slug]
    demo.load_register(history, draw_demo(PROFILES[slug]), silent)
    plan = demo.load_plan(history, silent)
    return history, plan, DemoPlan.of(plan, residents_by_region(plan, history.handed.people))


def simulated(
    history: PlaceHistory,
    book: DemoPlan,
    question: Question,
    quarter: Quarter,
    behaviour: BehaviourProfile | None = None,
) -> SimulatedUnit:
    home = book.home_of(question.subject.region)
    name = home.name if home else ""
    own = behaviour or history.behaviour_of(name)
    return SimulatedUnit(question.subject, name, "", own, quarter, question.element.code, history.first)


def returns(history: PlaceHistory, book: DemoPlan, quarter: Quarter) -> dict[int, tuple[list[Question], list[Answer]]]:
    asked = questions_for(reporters_asked(quarter).values_list("pk", flat=True), quarter)
    return {
        reporter: (
            questions,
            [invent_answer(each, simulated(history, book, each, quarter), history, book) for each in questions],
        )
        for reporter, questions in asked.items()
    }


def running(told: Iterable[tuple[list[Question], list[Answer]]]) -> Iterator[tuple[AnswerKey, Decimal]]:
    for questions, answers in told:
        for question, each in zip(questions, answers, strict=True):
            if question.element.accumulation == Accumulation.RUNNING and each.value is not None:
                yield each.key, each.value


@pytest.mark.parametrize("slug", OLD_PLANS)
def test_every_return_can_be_handed_in_and_running_totals_do_not_fall_within_a_year(slug: str):
    history, _, book = opened(slug)
    rows: defaultdict[tuple[AnswerKey, int], list[Decimal]] = defaultdict(list)
    for quarter in history.quarters:
        told = list(returns(history, book, quarter).values())
        assert told
        assert [hard_findings(check_answers(*each, quarter)) for each in told] == [[]] * len(told)
        for key, value in running(told):
            rows[key, quarter.year].append(value)
    assert all(values == sorted(values) for values in rows.values())


def test_a_place_that_is_quick_meets_more_than_one_that_is_slow():
    history, _, book = opened("guanyun")
    asked = questions_for([unit.pk for unit in book.units if not unit.reported_by_id], history.last)
    signed = [each for questions in asked.values() for each in questions if each.element.code == "signed-residents"]
    slow, quick = (
        sum(plausible(simulated(history, book, each, history.last, behaviour), each.element, book) for each in signed)
        for behaviour in (BehaviourProfile(0.7), BehaviourProfile(1.2))
    )
    percents = [round(100 * signed / 725_047) for signed in (slow, quick)]
    assert percents == [35, 42]


def test_what_is_handed_down_adds_up():
    _, plan, _ = opened("guanyun")
    residents_of_2019 = Constant.objects.filter(code="resident-population", year=2019)
    printed, parts = [residents_of_2019.filter(region__level=level) for level in ("county", "township")]
    assert sum(each.value for each in parts) == printed.get().value == 725_047
    quota = Milestone.objects.get(terms__target__code="gy-elderly-checkups-quota")
    assert sum(each.value for each in quota.allotments.all()) == quota.value == 62_000
    assert plan.state == "published"


def test_a_quota_that_never_came_is_left_open():
    opened("wuzhong")
    codes = Constant.objects.filter(year=2019).values_list("code", flat=True)
    assert set(codes) == {"elderly-checkup-task-rate", "hypertension-task-rate"}


def test_a_quarter_asks_only_those_whose_plan_runs():
    opened("guanyun")
    for plan in Plan.objects.all():
        demo.close_finished_plan(plan, HISTORIES["guanyun"], silent)
    opened("wuzhong")
    codes = {unit.code[:4] for unit in reporters_asked(Quarter(2019, 1))}
    assert codes == {"3207", "6403"}
    assert not reporters_asked(Quarter(2020, 1)).filter(code__startswith="3207").exists()
