"""What reporters bring beside their figures: 问题与措施 that sound true, and a page marked as a sample. Pure."""

from random import Random

from reports.base.enums import Difficulty
from reports.demo.simulated_unit import SEED
from reports.returns.actions.explanations import ExplanationInput
from targets.models import Target
from targets.periods import Quarter

# Of each cause what is the matter, and what is done about it.
WORDS: dict[Difficulty, tuple[tuple[str, str], ...]] = {
    Difficulty.STAFF: (
        (
            "编制内空编较多，两次招聘报名不足，骨干医生兼岗多，影响进度。",
            "商编办、人社部门放宽开考比例，下季度再组织一次招聘，并从县级医院下派人员顶岗。",
        ),
        (
            "本季有人员退休、借调，业务骨干不足，工作推进慢。",
            "调整岗位分工，返聘退休医生，年内补足缺员。",
        ),
    ),
    Difficulty.MONEY: (
        (
            "配套资金未足额到位，设备采购和房屋改造未能按计划开工。",
            "已向财政部门报送资金申请，到位后一个月内启动采购。",
        ),
        (
            "年初预算未列足专项经费，只能分批实施。",
            "调剂基本公共卫生结余资金先行启动，其余列入下半年预算调整。",
        ),
    ),
    Difficulty.FACILITIES: (
        (
            "部分机构业务用房面积不够，科室设置达不到标准。",
            "对照标准逐家列出缺项清单，利用闲置校舍、村部改造，按月调度。",
        ),
        (
            "检验、影像设备老化，不能开展规定项目。",
            "列入急需设备购置清单，先由县级医院远程诊断中心承担。",
        ),
    ),
    Difficulty.SKILLS: (
        (
            "基层人员对标准理解不一，资料整理和服务规范性不够。",
            "组织县级专家逐院指导，开展两期集中培训，培训后逐家复核。",
        ),
    ),
    Difficulty.RESIDENTS: (
        (
            "外出务工人员多，签约和随访对象联系不上，续约率低。",
            "利用节假日返乡时段集中签约随访，村医上门，县级医院专家下乡义诊带动。",
        ),
    ),
    Difficulty.DEPARTMENTS: (
        (
            "涉及医保、人社等部门的政策尚未出台，单靠卫健部门推不动。",
            "提请县政府召开专题会议，明确牵头部门和完成时限。",
        ),
    ),
    Difficulty.APPROVAL: (
        (
            "项目招标和用地手续办理时间长，尚未进场施工。",
            "专人跟进手续，力争下月完成招标，倒排工期。",
        ),
        (
            "验收申请已提交，等待上级组织评估验收。",
            "按预评意见整改到位，主动对接上级尽快安排验收。",
        ),
    ),
    Difficulty.RECORDS: (
        (
            "信息系统未全部联通，部分服务量没有录入，数据偏低。",
            "安排专人补录并核对台账，协调系统运维方下季度完成接口联通。",
        ),
    ),
    Difficulty.LATE_START: (
        (
            "方案印发较晚，各单位本季才启动，效果尚未显现。",
            "按月调度进度，对排名靠后的单位约谈，下季度赶上序时进度。",
        ),
    ),
}
PAGE = (300, 420)
LETTERS = 12


def explanation_of(target: Target, unit: str, quarter: Quarter) -> ExplanationInput:
    random = Random(f"{SEED} explained {unit} {target.code} {quarter}")
    cause = random.choice(list(WORDS))
    problem, measures = random.choice(WORDS[cause])
    return ExplanationInput(target.pk, (cause.value,), problem, measures, (quarter + random.choice([1, 2])).last_day)


def draw_paper(*lines: str) -> bytes:
    """A page of PDF with these lines, in a font that every reader has for Chinese."""
    shown = "".join(f"<{line.encode('utf-16-be').hex()}> Tj T* " for line in lines)
    text = f"BT /F1 {LETTERS} Tf 20 {PAGE[1] - 40} Td {LETTERS * 2} TL {shown}ET".encode()
    parts = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>" % PAGE,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 7 0 R "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] "
        b"/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    )
    return bind_pdf(parts)


def bind_pdf(parts: tuple[bytes, ...]) -> bytes:
    """The objects of a PDF file one after the other, with the table of where each begins."""
    out, starts = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        starts.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(parts) + 1, table)
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, len(out))
    return out + head + tail
