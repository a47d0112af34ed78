"""Guanyun: a county judged by township, each real town with its hospital. That of 陡沟 outlived its township."""

from datetime import date

from institutions.demo.profile import County, Other, Profile, Seat
from institutions.enums import Grade, InstitutionKind, Role

PEOPLE = (
    ("director", Role.DIRECTOR, ""),
    ("supervisor", Role.SUPERVISOR, ""),
    ("plans", Role.PLAN_ADMIN, ""),
    ("reviewer", Role.REVIEWER, ""),
    ("city-reviewer", Role.REVIEWER, ".."),
)
SEATS = (
    Seat("伊山镇", "伊山镇中心卫生院", Grade.CENTRAL),
    Seat("杨集镇", "杨集中心卫生院", Grade.CENTRAL),
    Seat("燕尾港镇", "燕尾港镇卫生院"),
    Seat("同兴镇", "同兴镇卫生院"),
    Seat("四队镇", "四队中心卫生院", Grade.CENTRAL),
    Seat("圩丰镇", "圩丰镇卫生院"),
    Seat("圩丰镇", "陡沟中心卫生院", Grade.CENTRAL),
    Seat("龙苴镇", "龙苴镇卫生院"),
    Seat("下车镇", "下车镇卫生院"),
    Seat("图河镇", "图河镇卫生院"),
    Seat("东王集镇", "东王集镇卫生院"),
    Seat("小伊乡", "小伊乡卫生院"),
    Seat("南岗乡", "南岗乡卫生院"),
    Seat("侍庄街道", "侍庄街道卫生院"),
    Seat("五图河农场", "五图河农场卫生院"),
    Seat("灌西盐场", "灌西盐场卫生院"),
    Seat("灌云经济开发区", "灌云经济开发区社区卫生服务中心", "", InstitutionKind.COMMUNITY_CENTRE),
    Seat("灌云临港产业区", "灌云临港产业区社区卫生服务中心", "", InstitutionKind.COMMUNITY_CENTRE),
)
COUNTY = County(
    name="灌云县",
    code="320723",
    slug="guanyun",
    bureau="灌云县卫生健康委员会",
    hospitals=16,
    central=0,
    centres=2,
    clinics=(9, 16),
    others=(
        Other("Y01", "灌云县人民医院", InstitutionKind.HOSPITAL, Grade.SECOND),
        Other("Y02", "灌云县中医院", InstitutionKind.HOSPITAL, Grade.SECOND),
        Other("M01", "灌云县妇幼保健院", InstitutionKind.MATERNAL_CHILD, Grade.SECOND),
        Other("C01", "灌云县疾病预防控制中心", InstitutionKind.CDC),
    ),
    seats=SEATS,
)

PROFILE = Profile(
    slug="guanyun",
    name="灌云县",
    code="320723",
    dial="0518",
    counties=(COUNTY,),
    posts=PEOPLE,
    above="连云港市",
    shown=frozenset(
        [f"guanyun-{suffix}" for suffix, _, _ in PEOPLE]
        + ["guanyun-reviewer-2", "guanyun-bureau", "guanyun-h01", "guanyun-h05"]
    ),
    clinics_close=date(2019, 7, 1),
    seed=20190320,
)
