from django.test import Client


def test_theme_is_kept_in_a_cookie_and_goes_back(db):
    browser = Client()
    answer = browser.post("/theme/", {"theme": "dark", "next": "/accounts/login/"})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/")
    assert browser.cookies["theme"].value == "dark"
    assert 'data-theme="dark"' in browser.get("/").content.decode()
    browser.post("/theme/", {"theme": "system"})
    assert "data-theme" not in browser.get("/").content.decode()


def test_theme_goes_nowhere_else(db):
    assert Client().post("/theme/", {"theme": "light", "next": "https://evil.example/"})["Location"] == "/"
    assert Client().get("/theme/").status_code == 405


def test_page_of_a_person_names_them(client_of, leader):
    page = client_of(leader).get("/account/").content.decode()
    assert '<span class="avatar" aria-hidden="true">ML</span>' in page
