"""Why a return was not saved or handed in. `str(error)` is the sentence for the person; nothing was changed."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from reports.base.errors import RefusedError
from reports.questions.checks import Finding


class NewerSaveError(RefusedError):
    """Somebody saved the draft after this page was opened."""


class FindingsError(RefusedError):
    """Hard findings, and soft ones without a word about them, stand against the hand-in."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        wrong = sum(finding.is_hard for finding in findings)
        super().__init__(findings_sentence(wrong, len(findings) - wrong))
        self.findings = list(findings)


def findings_sentence(wrong: int, unexplained: int) -> str:
    if not unexplained:
        return _("有 %(count)d 处需要改正后才能提交。") % {"count": wrong}
    if not wrong:
        return _("有 %(count)d 处要写明原因后才能提交。") % {"count": unexplained}
    both = _("有 %(wrong)d 处需要改正、%(open)d 处要写明原因，然后才能提交。")
    return both % {"wrong": wrong, "open": unexplained}
