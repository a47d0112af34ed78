from datetime import datetime

from django.core.management import call_command

from institutions.actions import regions, register
from institutions.clock import SHANGHAI
from institutions.demo import PROFILES, draw_demo
from institutions.models import Region

NOW = datetime(2022, 12, 28, 9, tzinfo=SHANGHAI)


def load_register(slug: str = "kaifeng") -> tuple[Region, int]:
    """Real places and an invented register: the place that issues the plan and how many units were added."""
    made = draw_demo(PROFILES[slug])
    call_command("load_places", verbosity=0)
    regions.load(places=made.places, by=None, now=NOW)
    place = Region.objects.get(code=PROFILES[slug].code)
    return place, register.enrol(units=made.units, city=place, is_sample=True, by=None, now=NOW)
