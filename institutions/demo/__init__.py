"""Made-up registers and people for five real places, one profile module a place. Pure: the same seed, the same rows.

Places in fixtures/places.tsv are real, and so are the names of the units that a plan names. Every other town, street,
village, unit, person and telephone number is invented, and all units are marked as sample data.
"""

from institutions.demo import guanyun, kaifeng, nanchang, wuzhong, xinhui
from institutions.demo.drawing import draw_demo
from institutions.demo.profile import Demo, DemoAccount, Profile

__all__ = ["PASSWORD", "PROFILES", "Demo", "DemoAccount", "Profile", "draw_demo"]

PASSWORD = "Kaifeng-2024"
PROFILES = {place.PROFILE.slug: place.PROFILE for place in (kaifeng, guanyun, wuzhong, nanchang, xinhui)}
