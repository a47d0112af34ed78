"""The sheet 填写说明 of each workbook: Chinese as the workbooks are, whatever the language of the page."""

from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.styles import Alignment

from reports.base.xlsx.drawing import A4, lines_of
from reports.workbooks.sheets import layout

TITLE = "填写说明"
WIDTH = 100

COMMON = (
    "可以从别的表复制数字粘贴进来（用“选择性粘贴—数值”）；全角数字、千分位逗号、前后空格都能识别。不要填公式。",
    "行可以排序、可以插空行，但不要删行、加行、合并单元格，也不要增删或改名列。",
    "保存为 .xlsx 再上传。原来有数、现在清空的格子，会列为“清空”请您确认。",
)
UNIT_ROWS = (
    "只填有底色的格子：每个数据项右边一列是它的“说明”。其余格子已保护，没有密码，请不要改动。",
    "没有发生的填 0；空着就是没有填。确实不适用的写“不适用”，并在“说明”写原因。“/”表示这家单位不填这一项。",
    *COMMON,
)
RETURN_GUIDE = (
    "只填有底色的格子：“本季”“不适用”“说明”三列。其余格子已保护，没有密码，请不要改动。",
    "“本季”填阿拉伯数字，或从下拉中选。没有发生的填 0；空着就是没有填。",
    "确实不适用的，在“不适用”选“是”，并在“说明”写原因；这时“本季”留空。",
    "定性工作在“本季”选完成情况，在“说明”写做了什么；与上季或上年相差很大的数字，也在“说明”写原因。",
    *COMMON,
    "上传后先看到将要改动的内容，确认后才写入草稿；写入后仍要在系统里点“提交审核”。",
)
COUNTY_GUIDE = (
    "每类机构一张工作表，一家一行；村卫生室单独一张表，由“填报单位”一列的卫生院上报。",
    *UNIT_ROWS,
    "只改您要代报的单位：没有改动的格子不会写入。上传后写为各单位的草稿，标明“纸质代报”，由另一位审核员审核。",
    "“状态”写着已提交或已通过的单位，格子是锁定的，上传时不写入。",
)
PAST_GUIDE = (
    "用于系统启用之前的季度。每个季度、每类机构一张工作表，一家一行。",
    *UNIT_ROWS,
    "整行空着的单位不导入；只要填了一项，这家单位当季的全部数据项（连同村卫生室各行）都要填齐。",
    "确认后直接提交审核，标明“补录”，由另一位审核员审核；按各季度自己的要求计算完成情况，不算补报。",
)


def draw_guide(book: Workbook, sentences: Iterable[str]) -> None:
    sheet = book.create_sheet(TITLE)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 4, WIDTH
    layout.write_text(sheet, 1, 1, TITLE, 16, bold=True)
    for number, sentence in enumerate(sentences, 1):
        layout.write_text(sheet, number + 1, 1, f"{number}.")
        cell = layout.write_text(sheet, number + 1, 2, sentence, 11)
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        sheet.row_dimensions[number + 1].height = lines_of(sentence, WIDTH) * 16 + 6
    sheet.protection.sheet = True
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.paperSize, sheet.page_setup.orientation = A4, "landscape"
