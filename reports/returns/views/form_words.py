"""What the form's script says: the sentences of the checks, the same as the server's, and those of the page itself."""

from django.utils.translation import gettext as _

from institutions import numerals
from reports.questions.answers import write_day
from reports.questions.checks import check_patterns


def form_words() -> dict[str, str]:
    return check_patterns() | saving_words() | paste_words()


def saving_words() -> dict[str, str]:
    return {
        "saved": _("已自动保存 {time}"),
        "saved_but": _("已自动保存 {time}，另有 {count} 处没有保存"),
        "saving": _("正在保存"),
        "offline": _("未能保存（网络中断），内容仍在本页"),
        "expired": _("登录已过期，请在新窗口登录后继续，内容仍在本页。"),
        "failed": _("未能保存，内容仍在本页。请稍后再试，或点“保存草稿”。"),
        "use_theirs": _("用对方的"),
        "use_mine": _("用我的"),
        "conflict": _("{what}，没有覆盖。"),
        "updated": _("已由{what}"),
        "choose_first": _("有 {count} 处与他人填的不同，请先选用哪一个，再提交。"),
        "carried": _("照上季"),
        "explanation": _("核实说明"),
        "explanation_hint": _("核实说明（提交前必填）"),
        "na_reason": _("原因（必填）"),
    }


def paste_words() -> dict[str, str]:
    return {
        "paste_title": _("粘贴预览"),
        "paste_count": _("将填入 {count} 格，其中覆盖已填的 {over} 格。"),
        "paste_same": _("{count} 格与现有相同。"),
        "paste_blank": _("{count} 个空格不填。"),
        "paste_bad": _("{count} 格读不懂，不填入。"),
        "paste_beyond": _("{count} 格超出表格，放不下。"),
        "paste_item": _("数据项"),
        "paste_unit": _("机构"),
        "paste_old": _("原来"),
        "paste_new": _("改为"),
        "paste_problem": _("问题"),
        "paste_fill": _("填入"),
        "cancel": _("取消"),
        "filled_in": _("已填入 {count} 格。"),
        "undo": _("撤销"),
        "undone": _("已撤销，恢复为填入前的内容。"),
        "picture": numerals.picture_sentence(),
        "bad_day": write_day(),
        "na": _("不适用"),
        "nothing": _("未填"),
    }
