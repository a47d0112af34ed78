"""Why an action did not happen. `str(error)` is the sentence for the person; nothing was changed."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from reports.checks import Finding


class RefusedError(Exception):
    """The return does not stand where the action needs it."""


class NewerSaveError(RefusedError):
    """Somebody saved the draft after this page was opened."""


class FindingsError(RefusedError):
    """Hard findings stand against the hand-in."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(_("有 %(count)d 处需要改正后才能提交。") % {"count": len(findings)})
        self.findings = list(findings)
