"""Filling in a return in a real browser: by keyboard alone, by one paste, two people at once, without JavaScript."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

import pytest
from playwright.sync_api import Page, expect

from institutions.clock import SHANGHAI
from institutions.enums import Role
from reports.models import Entry, Submission
from reports.questions.answers import Answer, UnreadableAnswerError
from reports.questions.checks import check_answers
from reports.questions.queries.asked import questions_asked
from reports.returns.actions import opening, submissions
from reports.returns.forms.return_form import as_typed
from reports.reviewing.actions import reviews
from tests.factories import PASSWORD, person
from tests.flow.forty import FIGURES, QUARTER, Forty

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def forty(transactional_db, settings) -> Forty:
    settings.BUSINESS_DATE = date(2024, 4, 10)
    return Forty()


def log_in(page: Page, server: str, user) -> None:
    page.goto(f"{server}/login/")
    page.fill("input[name=username]", user.username)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


def opened(page: Page, server: str, forty: Forty, user=None) -> Page:
    log_in(page, server, user or forty.clerk)
    page.goto(f"{server}/returns/{forty.submission.pk}/")
    return page


def field(page: Page, name: str):
    return page.locator(f"[id='f-{name}']")


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.id")


def paste(page: Page, name: str, text: str) -> None:
    """As the browser gives a copied block to the field."""
    script = """([id, text]) => {
        const field = document.getElementById(id); const data = new DataTransfer(); data.setData('text/plain', text);
        field.focus();
        field.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
    }"""
    page.evaluate(script, [f"f-{name}", text])


@contextmanager
def saving(page: Page) -> Iterator[None]:
    """What is typed in between is on the server afterwards, however slowly it was typed."""
    yield
    for _ in range(2):  # a saving under way comes back first; then the rest goes
        page.evaluate("returnForm.saveNow()")
    expect(page.locator("[data-saving]")).to_contain_text("已自动保存")


def block(*rows) -> str:
    return "\r\n".join("\t".join(str(each) for each in row) for row in rows) + "\r\n"


def test_forty_fields_by_keyboard_alone(page, live_server, forty):
    opened(page, live_server.url, forty)
    page.get_by_role("button", name="到下一个未填项").focus()
    page.keyboard.press("Enter")
    for number, figure in enumerate(FIGURES):
        page.keyboard.type(f"{figure:,}" if number % 2 else str(figure))
        page.keyboard.press("Enter" if number % 3 else "ArrowDown")
    assert focused(page) == f"f-{forty.name(forty.beds, 0)}"  # on into the clinics' lines
    for keys in ("3", "Enter", "5", "Enter", "0", "Enter", "1", "ArrowDown", "0", "ArrowDown", "1"):
        page.keyboard.press(keys)
    expect(page.locator("[data-left]")).to_have_text("全部已填")
    page.keyboard.press("Tab")  # to 保存草稿
    assert page.evaluate("document.activeElement.name") == "save"
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("草稿已保存，还有 0 项未填。")
    assert forty.figures() == FIGURES
    assert forty.lines() == [(3, 1), (5, 0), (0, 1)]


def test_forty_fields_by_one_paste(page, live_server, forty):
    opened(page, live_server.url, forty)
    paste(page, forty.name(forty.numbers[0]), block(*([f" {figure:,} "] for figure in FIGURES)))
    expect(page.locator("dialog")).to_contain_text("将填入 40 格，其中覆盖已填的 0 格。")
    with saving(page):
        page.get_by_role("button", name="填入").click()
    expect(page.locator("[data-undo]")).to_contain_text("已填入 40 格。")
    assert forty.figures() == FIGURES


def test_a_block_over_the_lines_says_what_goes_where_and_is_undone_in_one(page, live_server, forty):
    opened(page, live_server.url, forty)
    with saving(page):
        field(page, forty.name(forty.beds, 1)).fill("9")
    paste(page, forty.name(forty.beds, 0), block(("３", "是"), ('"4\n"', "否", "多"), ("", "不详")))
    told = page.locator("dialog")
    expect(told).to_contain_text("将填入 4 格，其中覆盖已填的 1 格。")
    expect(told).to_contain_text("1 个空格不填。 1 格读不懂，不填入。 1 格超出表格，放不下。")
    rows = told.locator("tbody tr")
    expect(rows.nth(2)).to_have_text(f"观察床{forty.clinics[1].name}94")
    expect(rows.nth(4)).to_contain_text("请选“是”或“否”。")
    with saving(page):
        page.get_by_role("button", name="填入").click()
    assert forty.lines() == [(3, 1), (4, 0), (None, None)]
    with saving(page):
        page.get_by_role("button", name="撤销").click()
    assert forty.lines() == [(None, None), (9, None), (None, None)]


def test_arrows_move_in_the_lines_and_only_from_the_ends_of_a_text(page, live_server, forty):
    opened(page, live_server.url, forty)
    first = field(page, forty.name(forty.beds, 0))
    first.fill("12")
    first.press("ArrowLeft")
    assert focused(page) == f"f-{forty.name(forty.beds, 0)}"
    steps = [("End", forty.beds, 0), ("ArrowRight", forty.equipped, 0), ("ArrowDown", forty.equipped, 1)]
    steps += [("ArrowLeft", forty.beds, 1), ("Shift+Enter", forty.beds, 0), ("End", forty.equipped, 0)]
    for key, element, line in steps:
        page.keyboard.press(key)
        assert focused(page) == f"f-{forty.name(element, line)}"


def test_what_is_typed_is_saved_by_itself(page, live_server, forty):
    opened(page, live_server.url, forty)
    field(page, forty.name(forty.numbers[0])).fill("１,２００")
    expect(page.locator("[data-saving]")).to_contain_text("已自动保存")
    assert (forty.figures()[0], Entry.objects.get().typed_by) == (1200, forty.clerk)


def test_what_cannot_be_read_is_said_and_is_not_saved(page, live_server, forty):
    opened(page, live_server.url, forty)
    name = forty.name(forty.numbers[0])
    field(page, name).fill("三十")
    field(page, name).press("Tab")
    expect(page.locator(f"[id='m-{name}']")).to_have_text("“三十”不是数字，请只填阿拉伯数字。")
    with saving(page):
        field(page, forty.name(forty.numbers[1])).fill("5")
    expect(page.locator("[data-saving]")).to_contain_text("另有 1 处没有保存")
    assert forty.figures()[:2] == [None, 5]


def two_pages(browser, live_server, forty) -> tuple[Page, Page]:
    """The same return open at two people's, each in a browser of their own."""
    people = (forty.clerk, forty.colleague)
    return tuple(opened(browser.new_context(locale="zh-CN").new_page(), live_server.url, forty, one) for one in people)


@pytest.mark.parametrize(("button", "stands"), [("用对方的", 35), ("用我的", 40)])
def test_two_people_in_one_cell_are_asked_whose_answer_stands(browser, live_server, forty, button, stands):
    mine, theirs = two_pages(browser, live_server, forty)
    name = forty.name(forty.numbers[0])
    with saving(theirs):
        field(theirs, name).fill("35")
    field(mine, name).fill("40")
    asked = mine.locator(".by-other.is-asked")
    expect(asked).to_contain_text("赵同事")
    expect(asked).to_contain_text("改为 35，没有覆盖。")
    assert (forty.figures()[0], field(mine, name).input_value()) == (35, "40")
    mine.get_by_role("button", name="保存草稿").click()  # not before it is settled
    expect(mine.locator("[data-saving]")).to_contain_text("有 1 处与他人填的不同")
    mine.get_by_role("button", name=button).click()
    expect(asked).to_have_count(0)
    expect(mine.locator("[data-saving]")).to_contain_text("已自动保存")
    with saving(mine):
        field(mine, forty.name(forty.numbers[1])).fill("7")
    assert (forty.figures()[:2], field(mine, name).input_value()) == ([stands, 7], str(stands))
    mine.context.close()
    theirs.context.close()


def test_two_people_in_different_cells_see_each_others(browser, live_server, forty):
    mine, theirs = two_pages(browser, live_server, forty)
    with saving(theirs):
        field(theirs, forty.name(forty.numbers[3])).fill("35")
    with saving(mine):
        field(mine, forty.name(forty.numbers[0])).fill("40")
    expect(field(mine, forty.name(forty.numbers[3]))).to_have_value("35")
    expect(mine.locator(".by-other")).to_contain_text("已由赵同事")
    assert forty.figures()[:4] == [40, None, None, 35]
    mine.context.close()
    theirs.context.close()


def test_an_ended_session_keeps_what_is_typed_and_goes_on_after_a_new_log_in(page, live_server, forty):
    opened(page, live_server.url, forty)
    page.context.clear_cookies(name="sessionid")
    field(page, forty.name(forty.numbers[0])).fill("40")
    expect(page.locator("[data-saving]")).to_have_text("登录已过期，请在新窗口登录后继续，内容仍在本页。")
    other = page.context.new_page()
    log_in(other, live_server.url, forty.clerk)
    with saving(page):
        field(page, forty.name(forty.numbers[1])).fill("41")
    assert forty.figures()[:2] == [40, 41]


def test_a_form_saved_after_its_session_ended_comes_back_after_the_log_in(page, live_server, forty):
    opened(page, live_server.url, forty)
    page.context.clear_cookies(name="sessionid")
    field(page, forty.name(forty.numbers[0])).fill("40")
    page.get_by_role("button", name="保存草稿").first.click()
    expect(page.locator("h1")).to_have_text("登录已过期，刚才的操作没有完成")
    page.fill("input[name=username]", forty.clerk.username)
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="登录").click()
    assert forty.figures()[:1] in ([], [None])
    page.get_by_role("button", name="再次提交").click()
    expect(field(page, forty.name(forty.numbers[0]))).to_have_value("40")
    assert page.url == f"{live_server.url}/returns/{forty.submission.pk}/"
    assert forty.figures()[0] == 40


def test_two_log_in_pages_and_a_page_from_before_the_second_log_in_all_go_on(page, live_server, forty):
    second = page.context.new_page()
    second.goto(f"{live_server.url}/login/?next=/notices/")
    opened(page, live_server.url, forty)
    second.fill("input[name=username]", forty.clerk.username)
    second.fill("input[name=password]", PASSWORD)
    second.keyboard.press("Enter")
    second.wait_for_url(f"{live_server.url}/notices/")
    page.goto(f"{live_server.url}/notices/")
    second.context.clear_cookies(name="sessionid")
    log_in(second, live_server.url, forty.clerk)
    page.get_by_role("button", name="English").click()  # its token is the one from before
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_a_lost_network_is_said_and_made_up_for(page, live_server, forty):
    opened(page, live_server.url, forty)
    page.context.set_offline(True)
    field(page, forty.name(forty.numbers[0])).fill("40")
    expect(page.locator("[data-saving]")).to_have_text("未能保存（网络中断），内容仍在本页")
    page.context.set_offline(False)
    with saving(page):
        field(page, forty.name(forty.numbers[1])).fill("41")
    assert forty.figures()[:2] == [40, 41]


def test_positions_that_stayed_are_confirmed_at_once(page, live_server, forty):
    hand_in_and_approve_last_quarter(forty)
    opened(page, live_server.url, forty)
    page.get_by_role("button", name="无变化项照上季填（6 项）").first.click()
    expect(page.locator(".carried")).to_have_count(6)
    with saving(page):
        field(page, forty.name(forty.beds, 0)).fill("8")
    expect(page.locator(".carried")).to_have_count(5)
    assert (forty.lines(), forty.figures()) == ([(8, 1), (2, 1), (2, 1)], [None] * 40)


def test_the_plain_form_fills_saves_and_confirms_without_a_script(browser, live_server, forty):
    hand_in_and_approve_last_quarter(forty)
    context = browser.new_context(locale="zh-CN", java_script_enabled=False)
    page = opened(context.new_page(), live_server.url, forty)
    for element, figure in zip(forty.numbers, FIGURES, strict=True):
        page.fill(f"[name='v-{forty.name(element)}']", str(figure))
    page.get_by_role("button", name="无变化项照上季填（6 项）").first.click()
    expect(page.locator("main")).to_contain_text("6 项照上季填好。草稿已保存，还有 0 项未填。")
    assert (forty.figures(), forty.lines()) == (FIGURES, [(2, 1)] * 3)
    context.close()


def test_the_feedback_at_the_field_comes_at_once(page, live_server, forty):
    """A soft hint with its field for a word about it, and the way back: there before the key's own event is over."""
    hand_in_and_approve_last_quarter(forty)
    opened(page, live_server.url, forty)
    name = forty.name(forty.beds, 0)
    assert page.evaluate(HINTED, [name, ["90", "2", "90"]]) == [True, False, True]
    expect(page.locator(f"[id='n-{name}']")).to_have_attribute("placeholder", "核实说明（提交前必填）")


HINTED = """([name, all]) => all.map(typed => {
    const field = document.getElementById('f-' + name);
    field.value = typed;
    field.dispatchEvent(new Event('input', {bubbles: true}));
    const hint = document.getElementById('h-' + name);
    return Boolean(hint && hint.checkVisibility());
})"""


TYPED = ["9", "90", "2", "０", "1,200 张", "1,2", "2.5", "-1", "x", "1e3", "1" * 16]
SAID = """([name, typed]) => {
    const field = document.getElementById('f-' + name);
    const said = letter => {
        const line = document.getElementById(letter + '-' + name);
        return line && !line.hidden ? line.textContent : '';
    };
    field.value = typed;
    for (const event of ['input', 'change']) field.dispatchEvent(new Event(event, {bubbles: true}));
    return [said('m'), said('h')];
}"""


def test_the_page_and_the_server_say_the_same(page, live_server, forty):
    hand_in_and_approve_last_quarter(forty)
    opened(page, live_server.url, forty)
    name = forty.name(forty.beds, 0)
    assert {typed: page.evaluate(SAID, [name, typed]) for typed in TYPED} == {
        typed: said_by_server(forty, typed) for typed in TYPED
    }


def said_by_server(forty: Forty, typed: str) -> list[str]:
    key = (forty.beds.pk, forty.clinics[0].pk)
    questions = questions_asked(forty.hospital, QUARTER)
    question = next(each for each in questions if each.key == key)
    try:
        answer = as_typed(question, typed, False, "").read()
    except UnreadableAnswerError as error:
        return [str(error), ""]
    findings = [each for each in check_answers(questions, [answer], QUARTER) if each.key == key]
    hints = " ".join(each.message for each in findings if not each.is_hard)
    return ["".join(each.message for each in findings if each.is_hard), hints]


def hand_in_and_approve_last_quarter(forty: Forty) -> None:
    """2023Q4 with two beds and the equipment in each clinic."""
    then = datetime(2024, 1, 8, 9, tzinfo=SHANGHAI)
    last = QUARTER - 1
    opening.open_quarter(last, then)
    submission = Submission.objects.get(reporter=forty.hospital, quarter=last.ordinal)
    answers = [Answer(each.pk, forty.hospital.pk, 7) for each in forty.numbers]
    for clinic in forty.clinics:
        answers += [Answer(forty.beds.pk, clinic.pk, 2), Answer(forty.equipped.pk, clinic.pk, 1)]
    submissions.save_draft(submission, answers, forty.clerk, then)
    submissions.submit(submission, forty.clerk, then, enqueue=False)
    reviews.approve(submission, person(Role.REVIEWER, forty.county), then, enqueue=False)
