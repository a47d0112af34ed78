"""New terms from a day on, with the reason and the document that set them."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from institutions.clock import SHANGHAI
from institutions.enums import RegionLevel
from institutions.models import AuditRecord
from targets.actions import plans, revisions
from targets.actions.loading import PlanRefused
from targets.as_file import latest_terms, target_of
from targets.enums import Comparator, PlanState, Schedule, Strength
from targets.models import Milestone, Plan, Target, Terms
from targets.periods import Quarter
from targets.plan_file import read
from targets.signals import target_revised
from tests.factories import AllotmentFactory, RegionFactory, UserFactory
from tests.targets.small_plan import SMALL

pytestmark = pytest.mark.django_db

NOW = datetime(2023, 1, 3, 9, tzinfo=SHANGHAI)
LATER = datetime(2023, 9, 1, 9, tzinfo=SHANGHAI)
AUGUST = date(2023, 8, 15)
LINES = {name: n for n, name in enumerate(("", "effective_from", "reason", "document", "schedule", "milestones"))}
WHY = {"reason": "省级调整目标", "document": "豫卫基层〔2023〕5号"}


@pytest.fixture
def plan() -> Plan:
    RegionFactory(code="410200", name="开封市", level=RegionLevel.CITY, kind="city")
    plan = plans.load(read(SMALL), by=None, now=NOW).plan
    plans.publish(plan, by=None, now=NOW)
    plan.refresh_from_db()
    return plan


@pytest.fixture
def target(plan) -> Target:
    return Target.objects.get(code="sm-rate")


def present(target: Target):
    return replace(target_of(target, latest_terms(target)), lines=LINES)


def raised(target: Target, value: int = 45, **terms):
    """The target with another value for its first milestone."""
    spec = present(target)
    first, *others = spec.milestones
    return replace(spec, milestones=(replace(first, value=Decimal(value)), *others), **terms)


def revise(target: Target, revised=None, effective_from: date = AUGUST, by=None, **more) -> Terms:
    revised = revised or raised(target)
    given = {"effective_from": effective_from, **WHY, **more}
    return revisions.revise(target=target, revised=revised, by=by, now=LATER, **given)


def refused(target: Target, **changes) -> list[tuple[int, str]]:
    before = Terms.objects.count()
    with pytest.raises(PlanRefused) as refusal:
        revise(target, **changes)
    assert Terms.objects.count() == before
    return [(problem.line, problem.message) for problem in refusal.value.problems]


def test_a_revision_adds_terms_and_leaves_the_earlier_ones(target):
    keeper = UserFactory()
    terms = revise(target, raised(target, strength=Strength.AIM), by=keeper, amber_points=Decimal(5))
    assert list(target.terms.values_list("effective_from", "strength")) == [
        (date(2023, 1, 1), "must"),
        (AUGUST, "aim"),
    ]
    assert (terms.reason, terms.document, terms.made_by, terms.made_at) == (*WHY.values(), keeper, LATER)
    assert terms.amber_points == 5
    assert list(terms.milestones.values_list("due", "value")) == [
        (date(2023, 12, 31), Decimal(45)),
        (date(2024, 12, 31), Decimal(50)),
    ]


def test_a_revision_is_kept_on_record(target):
    keeper = UserFactory()
    revise(target, by=keeper)
    record = AuditRecord.objects.get(action="target.revise")
    assert (record.by, record.object_id) == (keeper, target.pk)
    assert record.detail == {"plan": target.plan_id, "effective_from": "2023-08-15", **WHY}


def test_a_milestone_that_stays_keeps_its_words(target):
    terms = revise(target)
    assert list(terms.milestones.values_list("quote", flat=True)) == ["", "2024年签约率达到50%"]


def test_parts_of_child_regions_go_on_under_the_same_day(target):
    first = Milestone.objects.get(terms__target=target, due=date(2023, 12, 31))
    part = AllotmentFactory(milestone=first, value=Decimal(20))
    terms = revise(target)
    (kept,) = terms.milestones.get(due=date(2023, 12, 31)).allotments.all()
    assert (kept.region, kept.value) == (part.region, 20)
    assert first.allotments.get() == part


def test_an_assigned_value_that_stays_keeps_its_document(target):
    Milestone.objects.filter(terms__target=target).update(source="苏卫〔2023〕5号")
    terms = revise(target)
    assert dict(terms.milestones.values_list("due__year", "source")) == {2023: "", 2024: "苏卫〔2023〕5号"}


def test_reason_and_document_are_required(target):
    assert refused(target, reason=" ", document="") == [(2, "请写明修订原因"), (3, "请写明作出修订的文件")]


def test_a_revision_does_not_reach_back_before_the_plan(target):
    assert refused(target, effective_from=date(2022, 12, 31)) == [(1, "生效日期不能早于计划开始日2023年1月1日")]


@pytest.mark.parametrize("day", [date(2023, 1, 1), AUGUST])
def test_a_day_has_one_set_of_terms(target, day):
    revise(target)
    assert refused(target, revised=raised(target, 46), effective_from=day) == [
        (1, f"2023年{day.month}月{day.day}日起已有考核条件生效，请另选日期")
    ]


def test_a_revision_between_two_holds_until_the_later(target):
    revise(target, raised(target, 48), effective_from=date(2024, 1, 1))
    revise(target)
    days = Terms.objects.filter(target=target).order_by("effective_from").values_list("effective_from", flat=True)
    assert list(days) == [date(2023, 1, 1), AUGUST, date(2024, 1, 1)]


def test_a_revision_that_changes_nothing_is_refused(target):
    assert refused(target, revised=present(target)) == [(0, "与当时的考核条件完全相同，没有要修订的内容")]


def test_new_terms_pass_the_checks_of_a_plan_file(target):
    assert refused(target, revised=raised(target, schedule=Schedule.EVEN)) == [
        (4, "目标“sm-rate”的数据项是季末数，没有 baseline 不能 even")
    ]
    messages = [message for _line, message in refused(target, revised=raised(target, comparator=Comparator.RANGE))]
    assert messages == ["目标“sm-rate”是区间，节点缺少上限 high"] * 2


def test_a_revision_keeps_a_milestone(target):
    assert refused(target, revised=replace(present(target), milestones=())) == [(5, "请至少写一个节点目标")]


@pytest.mark.parametrize(
    ("state", "sentence"),
    [(PlanState.DRAFT, "计划还是草稿，请直接修改目标"), (PlanState.CLOSED, "计划已结束，不能再修订")],
)
def test_only_a_published_plan_is_revised(target, state, sentence):
    Plan.objects.update(state=state)
    assert refused(target) == [(0, sentence)]


def test_the_results_hear_of_it_when_it_has_committed(target, django_capture_on_commit_callbacks):
    heard = []

    def hear(sender, **said):
        heard.append((said["target"], said["since"]))

    target_revised.connect(hear)
    with django_capture_on_commit_callbacks() as callbacks:
        revise(target)
    assert heard == []
    callbacks[-1]()
    target_revised.disconnect(hear)
    assert heard == [(target, Quarter(2023, 3))]


def test_a_day_after_the_plan_is_refused(target):
    assert refused(target, effective_from=date(2025, 1, 1)) == [(1, "生效日期不能晚于计划结束日2024年12月31日")]
    assert revise(target, effective_from=date(2024, 12, 31)).effective_from == date(2024, 12, 31)
