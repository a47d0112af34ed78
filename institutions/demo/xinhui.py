"""Xinhui: a district judged by township, each real town with its hospital."""

from institutions.demo.profile import County, Other, Profile, Seat
from institutions.enums import Grade, InstitutionKind, Role

PEOPLE = (
    ("director", Role.DIRECTOR, ""),
    ("supervisor", Role.SUPERVISOR, ""),
    ("plans", Role.PLAN_ADMIN, ""),
    ("reviewer", Role.REVIEWER, ""),
    ("city-reviewer", Role.REVIEWER, ".."),
)
TOWNS = ("大泽镇", "司前镇", "罗坑镇", "双水镇", "崖门镇", "沙堆镇", "古井镇", "三江镇", "睦洲镇", "大鳌镇")
CENTRAL = ("司前镇", "双水镇")
CENTRES = (
    ("会城街道", "会城街道社区卫生服务中心"),
    ("圭峰管理委员会", "圭峰社区卫生服务中心"),
    ("银湖湾管理委员会", "银湖湾社区卫生服务中心"),
    ("新会经济开发区管理委员会", "新会经济开发区社区卫生服务中心"),
)


def seat(town: str) -> Seat:
    central = town in CENTRAL
    return Seat(town, town + ("中心卫生院" if central else "卫生院"), Grade.CENTRAL if central else Grade.GENERAL)


COUNTY = County(
    name="新会区",
    code="440705",
    slug="xinhui",
    bureau="新会区卫生和计划生育局",
    hospitals=len(TOWNS),
    central=0,
    centres=len(CENTRES),
    clinics=(6, 10),
    others=(
        Other("Y01", "新会区人民医院", InstitutionKind.HOSPITAL, Grade.THIRD),
        Other("Y02", "新会区中医院", InstitutionKind.HOSPITAL, Grade.SECOND),
        Other("Y03", "新会区第二人民医院", InstitutionKind.HOSPITAL, Grade.SECOND),
        Other("M01", "新会区妇幼保健计划生育服务中心", InstitutionKind.MATERNAL_CHILD, Grade.SECOND),
        Other("C01", "新会区疾病预防控制中心", InstitutionKind.CDC),
    ),
    seats=(
        *map(seat, TOWNS),
        *(Seat(town, name, "", InstitutionKind.COMMUNITY_CENTRE) for town, name in CENTRES),
    ),
)

PROFILE = Profile(
    slug="xinhui",
    name="新会区",
    code="440705",
    dial="0750",
    counties=(COUNTY,),
    posts=PEOPLE,
    above="江门市",
    shown=frozenset([f"xinhui-{suffix}" for suffix, _, _ in PEOPLE] + ["xinhui-bureau", "xinhui-h04"]),
    clinic="卫生站",
    seed=20170110,
)
