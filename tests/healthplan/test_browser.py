def test_a_page_opens_in_a_real_browser(live_server, page):
    answer = page.goto(live_server.url)
    assert answer is not None
    assert answer.status == 200
