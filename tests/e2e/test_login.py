"""Every person of the demo story reaches a working screen."""

import pytest

from tools.settings import DEMO_LOGINS


def _known(rpc, login):
    return rpc().execute("res.users", "search_count", [("login", "=", login)])


def test_administrator_sees_the_backend(page_of):
    page = page_of("admin")
    page.wait_for_selector(".o_web_client .o_main_navbar")


@pytest.mark.parametrize("login", [login for _role, login in DEMO_LOGINS])
def test_person_of_the_demo_story_logs_in(page_of, rpc, login):
    if not _known(rpc, login):
        pytest.skip(f"the demo data has no login {login} yet")
    page = page_of(login)
    page.wait_for_selector(".o_portal_wrap, .o_portal, .o_main_navbar")
