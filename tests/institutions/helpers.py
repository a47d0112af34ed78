from datetime import datetime

from django.core.management import call_command

from institutions.actions import regions, register
from institutions.clock import SHANGHAI
from institutions.demo import CITY_CODE, demo
from institutions.models import Region

NOW = datetime(2022, 12, 28, 9, tzinfo=SHANGHAI)


def load_register() -> tuple[Region, int]:
    """Real places and the invented register: the city and how many units were added."""
    made = demo()
    call_command("load_places", verbosity=0)
    regions.load(places=made.places, by=None, now=NOW)
    city = Region.objects.get(code=CITY_CODE)
    return city, register.enrol(units=made.units, city=city, is_sample=True, by=None, now=NOW)
