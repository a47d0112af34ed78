"""What a file is, by its content; and where its bytes lie."""

import pytest

from reports.returns import evidence_storage, file_kinds
from reports.returns.file_kinds import RefusedFileError, clean_name, kind_of
from tests.reports.returns.papers import PDF, SHEET_TYPE, SLIDES_TYPE, archive, chunk, jpeg, office, ole, png, swollen

BOMB = swollen(office(), to=400_000_000)


def refusal(data: bytes, name: str = "") -> str:
    with pytest.raises(RefusedFileError) as refused:
        kind_of(data, name)
    return str(refused.value)


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (PDF, "文件.pdf", file_kinds.PDF),
        (png(), "照片.PNG", file_kinds.PNG),
        (jpeg(), "照片.jpeg", file_kinds.JPEG),
        (jpeg(), "照片.JFIF", file_kinds.JPEG),
        (jpeg()[:2] + b"\xff" * 70_000 + jpeg()[2:], "补位.jpg", file_kinds.JPEG),
        (jpeg()[:2] + b"\xff\x01" + jpeg()[2:], "孤标记.jpg", file_kinds.JPEG),
        (PDF + b"\0" * 80_000, "补零.pdf", file_kinds.PDF),
        (b"\xef\xbb\xbf" + PDF, "带BOM.pdf", file_kinds.PDF),
        (b"\r\n" * 500 + PDF + b"\r\n\x1a" * 2000, "前后多余.pdf", file_kinds.PDF),
        (office(), "总结.docx", file_kinds.WORD),
        (office(SHEET_TYPE), "台账.xlsx", file_kinds.SHEET),
        (ole("WordDocument"), "总结.wps", file_kinds.OLD_WORD),
        (ole("WordDocument"), "总结.doc", file_kinds.OLD_WORD),
        (ole("Workbook"), "台账.et", file_kinds.OLD_SHEET),
        (ole("Book"), "台账.xls", file_kinds.OLD_SHEET),
        (archive({"OFD.xml": b"<OFD/>"}), "红头文件.ofd", file_kinds.OFD),
        (PDF, "没有后缀", file_kinds.PDF),
    ],
)
def test_kind_is_told_by_content(data, name, kind):
    assert kind_of(data, name) == kind


ONLY = "只收 PDF、OFD、JPG、PNG、Word、Excel 和 WPS 文件"
SLIDES = "Office 文件只收 Word 和 Excel，其他的请转成 PDF 再上传。"
MACROS = "文件里有宏，不能接收。请另存为不含宏的格式，或转成 PDF 再上传。"
LOCKED = "文件加了密码，审核的人打不开，请去掉密码后再上传。"
BROKEN = "这个%s文件已损坏，打不开，请重新导出后再上传。"
WRONG_ENDING = "文件名的后缀是 .pdf，内容却是 Word 文件，请核对是否选错了文件，或改正后缀再上传。"


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "空.pdf", "文件是空的，请核对后重新选择。"),
        (b"MZ" + b"\0" * 200, "验收.pdf", f"{ONLY}；这个文件的内容像是 exe。"),
        (b"<html><script>alert(1)</script></html>", "验收.pdf", f"{ONLY}；这个文件的内容像是 html。"),
        ("说明".encode(), "说明.txt", f"{ONLY}；看不出这个文件是什么。"),
        (office(), "验收.pdf", WRONG_ENDING),
        (PDF.replace(b"%%EOF", b""), "半截.pdf", "这个 PDF 不完整（没有文件尾），请重新导出或扫描后再上传。"),
        (png()[:-20], "半张.png", "这个PNG文件已损坏，打不开，请重新导出后再上传。"),
        (png().replace(b"IDAT", b"IDAX"), "坏.png", "这个PNG文件已损坏，打不开，请重新导出后再上传。"),
        (jpeg()[:-2], "半张.jpg", "这个JPG文件已损坏，打不开，请重新导出后再上传。"),
        (png(100_000, 100_000), "大.png", "图片尺寸不正常（100000×100000），请压缩或裁剪后再上传。"),
        (jpeg()[:2] + b"\xff\x01" * 100_001 + jpeg()[2:], "碎.jpg", BROKEN % "JPG"),
        (
            png()[:33] + chunk(b"tEXt", b"") * 100_001 + png()[33:],
            "碎.png",
            "这个PNG文件已损坏，打不开，请重新导出后再上传。",
        ),
        (jpeg(60_000, 60_000), "大.jpg", "图片尺寸不正常（60000×60000），请压缩或裁剪后再上传。"),
        (office()[:-30], "半份.docx", "这个文档文件已损坏，打不开，请重新导出后再上传。"),
        (archive({"a.exe": b"MZ"}), "材料.zip", "不收压缩包，请解压后把里面的文件分别上传。"),
        (office(**{"word/vbaProject.bin": b"x"}), "宏.docx", MACROS),
        (office("application/vnd.ms-word.document.macroEnabled.main+xml"), "宏.docx", MACROS),
        (ole("WordDocument", "_VBA_PROJECT"), "宏.doc", MACROS),
        (ole("EncryptedPackage"), "密.docx", LOCKED),
        (office(SLIDES_TYPE), "汇报.pptx", SLIDES),
        (ole("PowerPoint Document"), "汇报.ppt", SLIDES),
        (BOMB, "炸弹.docx", "文件解开后大得不正常，没有接收。请重新导出，或转成 PDF 再上传。"),
    ],
)
def test_refusal_says_what_is_wrong(data, name, sentence):
    assert refusal(data, name) == sentence


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("验收文件.pdf", "验收文件.pdf"),
        ("C:\\报表\\..\\验收.pdf", "验收.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("验收\x00\r\n件.PDF", "验收件.pdf"),
        ("\u202efdp.验收.pdf", "fdp.验收.pdf"),
        ('a<b>"c".pdf', "a_b__c_.pdf"),
        ("  .pdf", "未命名.pdf"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
    ],
)
def test_name_is_cleaned(typed, kept):
    assert clean_name(typed, file_kinds.PDF) == kept


@pytest.fixture
def root(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    return settings.EVIDENCE_ROOT


def test_evidence_storage_keeps_the_same_bytes_once(root):
    assert evidence_storage.store_bytes(PDF) == evidence_storage.store_bytes(PDF)
    assert [path.name for path in root.glob("**/*") if path.is_file()] == [evidence_storage.store_bytes(PDF)]
    assert evidence_storage.read_bytes(evidence_storage.store_bytes(PDF)) == PDF


def test_evidence_storage_makes_a_damaged_copy_good(root):
    digest = evidence_storage.store_bytes(PDF)
    evidence_storage.path_of(digest).write_bytes(b"other")
    with pytest.raises(evidence_storage.LostError):
        evidence_storage.read_bytes(digest)
    evidence_storage.store_bytes(PDF)
    assert evidence_storage.read_bytes(digest) == PDF


def test_evidence_storage_knows_what_is_lost(root):
    with pytest.raises(evidence_storage.LostError):
        evidence_storage.read_bytes("ab" * 32)
