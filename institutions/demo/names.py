"""Invented names and numbers."""

from random import Random

SURNAMES = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂玉文建国华志红海燕春梅晓东宏立新永庆"
SIDES = ["", "", "大", "小", "东", "西", "南", "北", "前", "后", "上", "下", "新"]
TOWN_ENDINGS = "集庄寨营岗店楼桥堂屯"
VILLAGE_ENDINGS = "庄村寨楼岗营堂屯店坟陂洼"
STREET_STEMS = [
    *("文化", "解放", "中山", "建设", "人民", "和平", "新华", "胜利", "青年"),
    *("滨河", "迎宾", "友谊", "光明", "幸福", "团结", "朝阳", "前进", "育才"),
]


class Names:
    """A stream of people and telephone numbers; towns never repeat within the place."""

    def __init__(self, seed: int | str, dial: str) -> None:
        self.random = Random(seed)
        self.dial = dial
        self.towns: set[str] = set()
        self.phones = 0

    def town(self) -> str:
        while True:
            stem = self.random.choice(SURNAMES) + self.random.choice(TOWN_ENDINGS)
            if stem not in self.towns:
                self.towns.add(stem)
                return stem + self.random.choice("镇镇镇乡")

    def person(self) -> str:
        given = self.random.choice(GIVEN) + self.random.choice(["", *GIVEN])
        return self.random.choice(SURNAMES) + given

    def phone(self) -> str:
        self.phones += 1
        return f"{self.dial}-5550{self.phones:04}"


def streets(count: int, seed: str) -> list[str]:
    return [f"{stem}路街道" for stem in Random(seed).sample(STREET_STEMS, count)]


def villages(count: int, random: Random) -> list[str]:
    """Distinct village names, all ending in 村."""
    found: dict[str, None] = {}
    while len(found) < count:
        stem = random.choice(SIDES) + random.choice(SURNAMES) + random.choice(VILLAGE_ENDINGS)
        found[stem if stem.endswith("村") else f"{stem}村"] = None
    return list(found)
