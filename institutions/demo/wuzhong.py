"""Wuzhong: five real counties, districts and a county-level city; 惠安堡 is real, all other towns are invented."""

from institutions.demo.profile import County, Other, Profile, Seat
from institutions.enums import Grade, InstitutionKind, Role

PEOPLE = (
    ("director", Role.DIRECTOR, ""),
    ("supervisor", Role.SUPERVISOR, ""),
    ("plans", Role.PLAN_ADMIN, ""),
    ("reviewer-1", Role.REVIEWER, ""),
    ("reviewer-2", Role.REVIEWER, ""),
)
COUNTIES = (
    ("利通区", "640302", "litong", 4, 3),
    ("红寺堡区", "640303", "hongsibu", 3, 2),
    ("盐池县", "640323", "yanchi", 4, 1),
    ("同心县", "640324", "tongxin", 5, 1),
    ("青铜峡市", "640381", "qingtongxia", 4, 2),
)
SEATS = {"盐池县": (Seat("惠安堡镇", "惠安堡镇中心卫生院", Grade.CENTRAL, number=3),)}


def county(name: str, code: str, slug: str, hospitals: int, centres: int) -> County:
    return County(
        name=name,
        code=code,
        slug=slug,
        bureau=f"{name}卫生健康局",
        hospitals=hospitals,
        central=1,
        centres=centres,
        clinics=(3, 6),
        others=(
            Other("Y01", f"{name}人民医院", InstitutionKind.HOSPITAL, Grade.SECOND),
            Other("Y02", f"{name}中医医院", InstitutionKind.HOSPITAL, Grade.SECOND),
            Other("M01", f"{name}妇幼保健计划生育服务中心", InstitutionKind.MATERNAL_CHILD),
        ),
        seats=SEATS.get(name, ()),
    )


PROFILE = Profile(
    slug="wuzhong",
    name="吴忠市",
    code="640300",
    dial="0953",
    counties=tuple(county(*each) for each in COUNTIES),
    own=(
        Other("B01", "吴忠市卫生健康委员会", InstitutionKind.BUREAU),
        Other("Y01", "吴忠市人民医院", InstitutionKind.HOSPITAL, Grade.THIRD),
        Other("Y02", "吴忠市中医医院", InstitutionKind.HOSPITAL, Grade.SECOND),
        Other("M01", "吴忠市妇幼保健院", InstitutionKind.MATERNAL_CHILD, Grade.SECOND),
        Other("C01", "吴忠市疾病预防控制中心", InstitutionKind.CDC),
    ),
    posts=PEOPLE,
    shown=frozenset(
        [f"wuzhong-{suffix}" for suffix, _, _ in PEOPLE] + ["yanchi-reviewer", "yanchi-bureau", "yanchi-h01"]
    ),
    seed=20190219,
)
