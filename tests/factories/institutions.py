"""Places, units and people. `kaifeng_like()` is the smallest tree on which an outsider exists."""

from dataclasses import dataclass
from typing import Any

import factory

from institutions.actions.regions import first_version
from institutions.enums import Grade, InstitutionKind, RegionKind, RegionLevel, Role
from institutions.models import Institution, Membership, Region, User

PASSWORD = "Kaifeng-2024"
HAN_NUMERALS = "甲乙丙丁戊己庚辛壬癸"


class RegionFactory(factory.django.DjangoModelFactory):
    """A county without a parent, unless said otherwise; `lineage` is kept as the real action keeps it."""

    class Meta:
        model = Region

    name = factory.Sequence(lambda n: f"某{n}县")
    level = RegionLevel.COUNTY
    kind = RegionKind.COUNTY
    position = factory.Sequence(int)

    @classmethod
    def _create(cls, model_class: type[Region], *args: Any, **kwargs: Any) -> Region:
        region = super()._create(model_class, *args, **kwargs)
        region.lineage = [*(region.parent.lineage if region.parent else []), region.pk]
        region.save(update_fields=["lineage"])
        first_version(region, None, None).save()
        return region


class InstitutionFactory(factory.django.DjangoModelFactory):
    """A general township hospital."""

    class Meta:
        model = Institution

    code = factory.Sequence(lambda n: f"U{n:05}")
    name = factory.Sequence(lambda n: f"某{n}镇卫生院")
    kind = InstitutionKind.TOWNSHIP_HOSPITAL
    grade = factory.LazyAttribute(lambda unit: Grade.GENERAL if unit.kind == InstitutionKind.TOWNSHIP_HOSPITAL else "")
    region = factory.SubFactory(RegionFactory)


class BureauFactory(InstitutionFactory):
    name = factory.LazyAttribute(lambda bureau: f"{bureau.region.name}卫生健康委员会")
    kind = InstitutionKind.BUREAU
    contact_name = "张三"
    contact_phone = "0371-55500000"


class VillageClinicFactory(InstitutionFactory):
    """A clinic reported by `reported_by`, in the same place."""

    name = factory.Sequence(lambda n: f"某{n}村卫生室")
    kind = InstitutionKind.VILLAGE_CLINIC
    reported_by = factory.SubFactory(InstitutionFactory)
    region = factory.SelfAttribute("reported_by.region")


class UserFactory(factory.django.DjangoModelFactory):
    """Logs in with PASSWORD."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    display_name = factory.Sequence(lambda n: f"用户{n}")
    password = factory.django.Password(PASSWORD)


class MembershipFactory(factory.django.DjangoModelFactory):
    """A reporter by default; give `role` and `region` for the others."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    role = Role.REPORTER
    institution = factory.Maybe(
        factory.LazyAttribute(lambda membership: membership.role == Role.REPORTER),
        factory.SubFactory(InstitutionFactory),
        None,
    )


def person(role: Role, at: Region | Institution, **fields: Any) -> User:
    """A user with one role at one place."""
    user = UserFactory(**fields)
    place = {"institution": at, "region": None} if isinstance(at, Institution) else {"institution": None, "region": at}
    Membership.objects.create(user=user, role=role, **place)
    return user


@dataclass
class Kaifeng:
    """`counties[0]` is where the test happens; `counties[1]` is the outsider's.

    Lists run in step with `counties`: one bureau and two township hospitals each, of which the first is central.
    """

    province: Region
    city: Region
    city_bureau: Institution
    counties: list[Region]
    bureaus: list[Institution]
    hospitals: list[list[Institution]]


def kaifeng_like(counties: int = 2, hospitals: int = 2) -> Kaifeng:
    """A province, a city and its counties, each with a bureau and township hospitals."""
    province = RegionFactory(name="某省", level=RegionLevel.PROVINCE, kind=RegionKind.PROVINCE)
    city = RegionFactory(name="某市", level=RegionLevel.CITY, kind=RegionKind.CITY, parent=province)
    places = [RegionFactory(name=f"{HAN_NUMERALS[n]}县", parent=city) for n in range(counties)]
    return Kaifeng(
        province=province,
        city=city,
        city_bureau=BureauFactory(region=city),
        counties=places,
        bureaus=[BureauFactory(region=place) for place in places],
        hospitals=[township_hospitals(place, hospitals) for place in places],
    )


def township_hospitals(county: Region, count: int) -> list[Institution]:
    return [
        InstitutionFactory(region=county, name=f"{county.name}第{n}卫生院", grade=Grade.GENERAL if n else Grade.CENTRAL)
        for n in range(count)
    ]
