"""A plan file small enough to read whole: one clause, one target, one qualitative item."""

from targets.plan_file import PlanFile, read

DOCUMENT = "一、任务\n2023年签约率达到40%，2024年签约率达到50%。完善转诊制度。"
SHA256 = "4a48920ae0382863855a53a5d2701ed46747c2d6219494fa9e775b4db5ea7c29"

SMALL = f"""\
plan:
  code: small
  title: 签约工作方案
  issuer: "410200"
  document_number: ""
  published_on: null
  first_day: 2023-01-01
  last_day: 2024-12-31
  judged_levels: [city, county]
  document: {{sha256: {SHA256}, characters: {len(DOCUMENT)}}}
elements:
  - code: signed
    name: 签约人数
    definition: 季末协议有效的人数。
    topic: 签约
    type: count
    unit: 人
    accumulates: stock
    asked_of: {{kinds: [township_hospital]}}
    part_of: residents
  - code: residents
    name: 服务人口
    definition: 季末常住人口。
    topic: 签约
    type: count
    unit: 人
    accumulates: stock
    asked_of: {{kinds: [township_hospital, community_centre]}}
indicators:
  - code: signing-rate
    name: 签约率
    definition: 签约人数÷服务人口×100%。
    kind: ratio
    element: signed
    denominator: {{element: residents}}
    multiplier: 100
    unit: "%"
    places: 2
clauses:
  - path: 一
    title: 签约
    lead: [卫健局]
    anomalies: [未印发文日期]
    items:
      - code: sm-signing
        title: 提高签约率
        targets:
          - code: sm-rate
            name: 签约率
            indicator: signing-rate
            scope: {{kinds: [township_hospital]}}
            comparator: at_least
            strength: must
            window: plan
            schedule: at_due
            milestones:
              - {{due: 2023-12-31, value: 40}}
              - {{due: 2024-12-31, value: 50, quote: 2024年签约率达到50%, offset: 19}}
            citation: {{quote: 2023年签约率达到40%, offset: 5, paragraph: 2}}
            anomalies: [分母未写]
      - code: sm-referral
        title: 转诊制度
        qualitative:
          asked_of: {{kinds: [bureau], bureau_level: county}}
          due: [2023-12-31, 2024-12-31]
          definition: 已印发并执行的填全部完成。
        citation: {{quote: 完善转诊制度, offset: 33, paragraph: 2}}
        anomalies: [没有期限]
"""


def small(**changes: str) -> PlanFile:
    return read(changed(**changes))


def changed(text: str = SMALL, **changes: str) -> str:
    """The text with lines replaced: `small(schedule="schedule: even")` for the line that begins with that word."""
    lines = text.split("\n")
    for word, line in changes.items():
        (place,) = [n for n, old in enumerate(lines) if old.strip().removeprefix("- ").startswith(f"{word}:")]
        lines[place] = lines[place].split(f"{word}:")[0] + line
    return "\n".join(lines)


def line_of(words: str, text: str = SMALL) -> int:
    """The line, from 1, of the first place where the words stand."""
    return text.count("\n", 0, text.index(words)) + 1
