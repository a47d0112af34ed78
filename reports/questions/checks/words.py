"""Every sentence of the checks, with {places} to fill; the page's script says the same ones."""

from django.utils.translation import gettext as _

from institutions import numerals


def check_patterns() -> dict[str, str]:
    return {
        "number": _("“{typed}”不是数字，请只填阿拉伯数字。"),
        "negative": numerals.negative_sentence(),
        "too_large": _("数字过大，请核对单位。"),
        "whole": numerals.too_fine(0),
        "places": _("最多保留 {places} 位小数。"),
        "blank": _("未填。没有发生的请填 0。"),
        "blank_or_na": _("未填。没有发生的请填 0；确实不适用的请勾选“不适用”并写明原因。"),
        "choose": _("未填。"),
        "not_allowed": _("此项不能填不适用。"),
        "reason": _("请写明不适用的原因。"),
        "part": _("{part} 大于“{name}”的 {whole}，部分不能大于总数。"),
        "part_yes": _("填“是”时，“{name}”也应为“是”。"),
        "official": _("{part} 大于本地{year}年{name} {whole}，部分不能大于总数。"),
        "official_before": _("{part} 大于本地{year}年{name} {whole}，今年的数还没有录入，请核实。"),
        "falls": _("本年累计数不能小于前一季的 {floor}。前一季有误的，请先申请更正。"),
        "ahead": _("照此填写，{quarter}已通过的 {value} 会提示：{sentence}"),
        "ahead_falls": _(
            "{quarter}已通过的累计数是 {value}，小于这里填的。请核对本季数；那一季也有误的，请一并更正{quarter}。"
        ),
        "after_quarter": _("日期晚于本季末 {last}，本季只填已经完成的。"),
        "rise": _("比上季（{before}）增加 {percent}%，请核实。"),
        "drop": _("比上季（{before}）减少 {percent}%，请核实。"),
        "from_zero": _("上季为 0，请核实。"),
        "year_rise": _("比上年同期（{before}）增加 {percent}%，请核实。"),
        "year_drop": _("比上年同期（{before}）减少 {percent}%，请核实。"),
        "year_from_zero": _("上年同期为 0，请核实。"),
        "same": _("与上季（{before}）完全相同，请核实。"),
        "too_much": _("连同已通过的共 {sum}，超过目标“{name}”（{wanted}）的 {percent}%，请核实。"),
        "account": _("没有写完成情况说明，请补充做了什么。"),
        "explain": _("请在“核实说明”中写一句原因，再提交。"),
        "both": _("选了“不适用”又填了内容，请只留一个。"),
        "note_alone": _("写了说明，没有填写内容；说明不能单独保存，请补填内容。"),
        "note_alone_or_na": _("写了说明，没有填写内容；说明不能单独保存，请补填内容，不适用的请选“不适用”。"),
        "note_long": _("说明最多 {most} 字，现有 {now} 字。"),
        "left": _("还有 {count} 项未填"),
        "filled": _("全部已填"),
    }
