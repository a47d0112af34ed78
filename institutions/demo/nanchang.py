"""Nanchang: nine real counties and districts and the three zones that the plan addresses, with invented towns."""

from institutions.demo.profile import County, Other, Profile
from institutions.enums import Grade, InstitutionKind, Role

PEOPLE = (
    ("director", Role.DIRECTOR, ""),
    ("supervisor", Role.SUPERVISOR, ""),
    ("plans", Role.PLAN_ADMIN, ""),
    ("reviewer-1", Role.REVIEWER, ""),
    ("reviewer-2", Role.REVIEWER, ""),
)
COUNTIES = (
    ("东湖区", "360102", "donghu", "东湖区卫生健康委员会", 1, 4),
    ("西湖区", "360103", "xihu", "西湖区卫生健康委员会", 1, 4),
    ("青云谱区", "360104", "qingyunpu", "青云谱区卫生健康委员会", 1, 3),
    ("青山湖区", "360111", "qingshanhu", "青山湖区卫生健康委员会", 3, 4),
    ("新建区", "360112", "xinjian", "新建区卫生健康委员会", 5, 2),
    ("红谷滩区", "360113", "honggutan", "红谷滩区卫生健康委员会", 2, 3),
    ("南昌县", "360121", "nanchangxian", "南昌县卫生健康委员会", 6, 2),
    ("安义县", "360123", "anyi", "安义县卫生健康委员会", 4, 1),
    ("进贤县", "360124", "jinxian", "进贤县卫生健康委员会", 5, 1),
    ("湾里管理局", "3601WL", "wanli", "湾里管理局社会事务办公室", 2, 1),
    ("经济技术开发区", "3601JK", "jingkai", "经济技术开发区社会发展局", 1, 2),
    ("高新技术产业开发区", "3601GX", "gaoxin", "高新技术产业开发区社会发展局", 1, 2),
)


def hospital(place: str) -> str:
    return f"{place.removesuffix('管理局')}人民医院"


def county(name: str, code: str, slug: str, bureau: str, hospitals: int, centres: int) -> County:
    return County(
        name=name,
        code=code,
        slug=slug,
        bureau=bureau,
        hospitals=hospitals,
        central=1 if hospitals > 2 else 0,
        centres=centres,
        clinics=(2, 4),
        others=()
        if name.endswith("开发区")
        else (Other("Y01", hospital(name), InstitutionKind.HOSPITAL, Grade.SECOND),),
    )


PROFILE = Profile(
    slug="nanchang",
    name="南昌市",
    code="360100",
    dial="0791",
    counties=tuple(county(*each) for each in COUNTIES),
    own=(
        Other("B01", "南昌市卫生健康委员会", InstitutionKind.BUREAU),
        Other("Y01", "南昌市第一医院", InstitutionKind.HOSPITAL, Grade.THIRD),
        Other("Y02", "南昌市人民医院", InstitutionKind.HOSPITAL, Grade.THIRD),
        Other("Y03", "南昌市中西医结合医院", InstitutionKind.HOSPITAL, Grade.THIRD),
    ),
    posts=PEOPLE,
    shown=frozenset(
        [f"nanchang-{suffix}" for suffix, _, _ in PEOPLE]
        + ["nanchangxian-reviewer", "nanchangxian-bureau", "nanchangxian-h01"]
    ),
    seed=20210326,
)
