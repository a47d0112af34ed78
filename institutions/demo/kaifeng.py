"""Kaifeng: nine real counties and districts and a zone, with invented towns."""

from datetime import date

from institutions.demo.profile import County, Other, Profile
from institutions.enums import Grade, InstitutionKind, Role


def hospital(name: str) -> tuple[Other, ...]:
    return (Other("Y01", name, InstitutionKind.HOSPITAL, Grade.SECOND),)


CITY_PEOPLE = (
    ("director", Role.DIRECTOR, ""),
    ("supervisor", Role.SUPERVISOR, ""),
    ("plans", Role.PLAN_ADMIN, ""),
    ("reviewer-1", Role.REVIEWER, ""),
    ("reviewer-2", Role.REVIEWER, ""),
    ("admin", Role.SYSTEM_ADMIN, ""),
)
XIANGFU, QIXIAN, TONGXU = hospital("祥符区第一人民医院"), hospital("杞县人民医院"), hospital("通许县人民医院")
WEISHI, LANKAO = hospital("尉氏县人民医院"), hospital("兰考县中心医院")
COUNTIES = (
    ("龙亭区", "410202", "longting", "龙亭区卫生健康委员会", 3, 1, 7, (11, 17), ()),
    ("顺河回族区", "410203", "shunhe", "顺河回族区卫生健康委员会", 2, 1, 6, (11, 17), ()),
    ("鼓楼区", "410204", "gulou", "鼓楼区卫生健康委员会", 2, 1, 6, (11, 17), ()),
    ("禹王台区", "410205", "yuwangtai", "禹王台区卫生健康委员会", 2, 1, 5, (11, 17), ()),
    ("祥符区", "410212", "xiangfu", "祥符区卫生健康委员会", 12, 3, 2, (26, 34), XIANGFU),
    ("杞县", "410221", "qixian", "杞县卫生健康委员会", 16, 4, 2, (26, 34), QIXIAN),
    ("通许县", "410222", "tongxu", "通许县卫生健康委员会", 11, 3, 1, (24, 32), TONGXU),
    ("尉氏县", "410223", "weishi", "尉氏县卫生健康委员会", 14, 4, 2, (26, 34), WEISHI),
    ("兰考县", "410225", "lankao", "兰考县卫生健康委员会", 14, 4, 2, (24, 32), LANKAO),
    ("城乡一体化示范区", "4102SF", "shifanqu", "示范区卫生健康委员会", 4, 1, 3, (18, 24), ()),
)

PROFILE = Profile(
    slug="kaifeng",
    name="开封市",
    code="410200",
    dial="0371",
    counties=tuple(County(*each) for each in COUNTIES),
    own=(
        Other("B01", "开封市卫生健康委员会", InstitutionKind.BUREAU),
        Other("G01", "开封市政府督查局", InstitutionKind.SUPERVISION_OFFICE),
    ),
    posts=CITY_PEOPLE,
    shown=frozenset(
        [f"kaifeng-{suffix}" for suffix, _, _ in CITY_PEOPLE]
        + [
            "qixian-reviewer",
            "qixian-reviewer-2",
            "qixian-director",
            "qixian-bureau",
            "qixian-h01",
            "lankao-h01",
            "longting-s01",
        ]
    ),
    clinics_close=date(2023, 7, 1),
)
