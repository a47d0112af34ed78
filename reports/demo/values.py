"""What each unit answers to a question: the value of its place's history, with the words that go with it. Pure."""

from decimal import Decimal
from random import Random

from reports.demo.demo_plan import DemoPlan
from reports.demo.history import PlaceHistory
from reports.demo.simulated_unit import SimulatedUnit
from reports.questions.answers import Answer, Question

ACCOUNTS = {
    0: ["正在制定方案，尚未启动。", "经费未落实，尚未开展。"],
    1: ["方案已印发，部分机构已落实。", "已开展，个别单位进度较慢，正在督促。"],
    2: ["已全面落实，文件和台账齐全。", "已完成，本季组织了复核。"],
}
NO_SUCH_THING = "本机构没有此项业务。"


def invent_answer(question: Question, simulated: SimulatedUnit, history: PlaceHistory, demo_plan: DemoPlan) -> Answer:
    element = question.element
    value = history.tell(simulated, element, demo_plan)
    if value is None:
        reason = history.not_applicable.get(element.code, NO_SUCH_THING)
        return Answer(element.pk, question.subject.pk, None, not_applicable=True, note=reason)
    kept = Decimal(value)
    note = Random(f"{simulated.luck()} {simulated.quarter}").choice(ACCOUNTS[int(kept)]) if question.qualitative else ""
    return Answer(element.pk, question.subject.pk, kept, note=note)
