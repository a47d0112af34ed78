"""What a return needs beside its figures before it is handed in: files where the plan wants them, and 问题与措施."""

from django.utils.translation import gettext as _

from reports.base.enums import Origin
from reports.base.errors import RefusedError
from reports.models import Round, Submission
from reports.returns.queries.evidence import label_of, lacking_evidence
from reports.returns.queries.explanations import wanted_explanations

NAMED = 3


def must_be_complete(submission: Submission, draft: Round) -> None:
    """A 补录 tells of the past and brings neither."""
    if draft.origin == Origin.BACKFILL:
        return
    must_have_evidence(submission, draft)
    must_be_explained(submission, draft)


def must_have_evidence(submission: Submission, draft: Round) -> None:
    lacking = lacking_evidence(submission, draft)
    if not lacking:
        return
    names = _("、").join(label_of(entry.element, entry.subject) for entry in lacking[:NAMED])
    names += _("等") if len(lacking) > NAMED else ""
    sentence = _(
        "没有提交：有 %(count)d 项须附佐证材料，还没有上传：%(names)s。"
        "已填内容都已存为草稿；请到“佐证材料”上传后再提交。"
    )
    raise RefusedError(sentence % {"count": len(lacking), "names": names})


def must_be_explained(submission: Submission, draft: Round) -> None:
    open_ones = [each for each in wanted_explanations(submission, draft) if each.lacking]
    if not open_ones:
        return
    sentence = _(
        "没有提交：有 %(count)d 项目标滞后，还没有写全问题与措施，第一项是“%(name)s”：%(what)s"
        "已填内容都已存为草稿；请到“问题与措施”写好后再提交。"
    )
    first = open_ones[0]
    raise RefusedError(sentence % {"count": len(open_ones), "name": first.target, "what": first.lacking})
