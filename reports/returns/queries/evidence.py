"""Evidence (佐证材料): which files stand behind a round, who may have them, and where one is required."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from institutions.models import Institution
from institutions.permissions import Person, may_enter_for, may_report, reporting_institutions
from reports.base.enums import Origin
from reports.models import Entry, Evidence, Round, Submission
from reports.questions.answers import NOT_DONE, Answer, AnswerKey, Question, answer_text
from reports.questions.queries.asked import ElementRequirement, questions_asked, requirements_for, targets_requiring
from reports.returns.queries.submissions import answers_in, latest_handed_in, latest_round, visible_returns
from targets.enums import ElementType
from targets.models import DataElement
from targets.periods import Quarter

ENTERED_FOR = (Origin.PHONE, Origin.PAPER)


@dataclass
class EvidenceItem:
    """A question of the return with its files. answer: as it is read; "" where there is none."""

    question: Question
    answer: str = ""
    required: bool = False
    files: list[Evidence] = field(default_factory=list)

    @property
    def name(self) -> str:
        """As an address and a field name it."""
        return f"{self.question.element.pk}-{self.question.subject.pk}"

    @property
    def is_missing(self) -> bool:
        return self.required and not self.files

    @property
    def label(self) -> str:
        return label_of(self.question.element, self.question.subject)


def label_of(element: DataElement, subject: Institution) -> str:
    """A line's own unit stands behind it."""
    if not subject.reported_by_id:
        return str(element)
    return _("%(item)s（%(unit)s）") % {"item": element, "unit": subject}


# --- Which files ------------------------------------------------------------------------------------------------


def files_of(made: Round | None) -> QuerySet[Evidence]:
    """The files behind a round: those added with it or before, but for those withdrawn before it was handed in."""
    if made is None:
        return Evidence.objects.none()
    withdrawn = Q(withdrawn_at__isnull=False)
    if made.submitted_at:
        withdrawn = Q(withdrawn_at__lte=made.submitted_at)
    of_return = Evidence.objects.filter(submission=made.submission_id, round__number__lte=made.number)
    return of_return.exclude(withdrawn).select_related("element", "subject", "added_by", "round")


def evidence_of(submission: Submission) -> QuerySet[Evidence]:
    """The files behind what was handed in last: what others than the reporter see."""
    return files_of(latest_handed_in(submission))


def by_field(files: QuerySet[Evidence]) -> dict[AnswerKey, list[Evidence]]:
    found: defaultdict[AnswerKey, list[Evidence]] = defaultdict(list)
    for file in files:
        found[file.element_id, file.subject_id].append(file)
    return dict(found)


# --- Who sees them ----------------------------------------------------------------------------------------------


def fills_in(user: Person, submission: Submission) -> bool:
    """The unit's reporter, and who enters for it while the draft is marked so."""
    if may_report(user, submission.reporter):
        return True
    draft = submission.rounds.drafts().filter(origin__in=ENTERED_FOR)
    return may_enter_for(user, submission.reporter) and draft.exists()


def may_attach(user: Person, submission: Submission) -> bool:
    return submission.is_editable and fills_in(user, submission)


def round_shown(user: Person, submission: Submission) -> Round | None:
    """Others than who fills it in see what was handed in, never a draft."""
    return latest_round(submission) if fills_in(user, submission) else latest_handed_in(submission)


def visible_files(user: Person) -> QuerySet[Evidence]:
    """Files of returns that the person may see, once they were handed in; of a return of one's own, all."""
    handed_in = Q(round__submitted_at__isnull=False)
    stood = Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=F("round__submitted_at"))
    own = Q(added_by=user.pk) | Q(submission__reporter__in=reporting_institutions(user))
    seen = Evidence.objects.filter(own | (handed_in & stood), submission__in=visible_returns(user).values("pk"))
    return seen.select_related("submission__reporter")


# --- Where one is required --------------------------------------------------------------------------------------


def items_of(submission: Submission, made: Round | None) -> list[EvidenceItem]:
    """Every question of the return with what the round has for it; in the order of the form."""
    quarter = Quarter.from_ordinal(submission.quarter)
    answers = {answer.key: answer for answer in answers_in(made)}
    files, demanding = by_field(files_of(made)), requirements_with_evidence(quarter)
    return [
        evidence_item(question, answers.get(question.key), files.get(question.key, []), demanding)
        for question in questions_asked(submission.reporter, quarter)
    ]


def evidence_item(
    question: Question, answer: Answer | None, files: list[Evidence], demanding: list[ElementRequirement]
) -> EvidenceItem:
    value = answer.value if answer else None
    required = says_something(value, question.element) and demands_evidence(
        demanding, question.element.pk, question.subject
    )
    shown = "" if answer is None else answer_text(value, question.element, unit=True)
    return EvidenceItem(question, shown, required, files)


def requirements_with_evidence(quarter: Quarter) -> list[ElementRequirement]:
    """The counted elements of targets that want a file, and of whom each is wanted."""
    targets = targets_requiring(quarter).filter(needs_evidence=True)
    counted = set(targets.order_by().values_list("indicator__element", flat=True))
    return (
        [requirement for requirement in requirements_for(targets) if requirement.element.pk in counted]
        if counted
        else []
    )


def demands_evidence(demanding: list[ElementRequirement], element_id: int, unit: Institution) -> bool:
    return any(
        requirement.element.pk == element_id and requirement.fits_class(unit) and requirement.names(unit)
        for requirement in demanding
    )


def says_something(value: Decimal | None, element: DataElement) -> bool:
    """Whether there is anything to prove: 是, a day, a level above the lowest, more than 0."""
    if element.type == ElementType.DATE and value == NOT_DONE:
        return False
    return value is not None and value > 0


def lacking_evidence(submission: Submission, made: Round) -> list[Entry]:
    """The answers of a round for which a file is required and there is none."""
    demanding = requirements_with_evidence(Quarter.from_ordinal(submission.quarter))
    if not demanding:
        return []
    entries = Entry.objects.filter(round=made, element__in=[requirement.element for requirement in demanding])
    entries = entries.select_related("element", "subject__region").order_by("element__position", "subject__code")
    wanting = [
        entry
        for entry in entries
        if says_something(entry.value, entry.element) and demands_evidence(demanding, entry.element_id, entry.subject)
    ]
    files = by_field(files_of(made)) if wanting else {}
    return [entry for entry in wanting if (entry.element_id, entry.subject_id) not in files]
