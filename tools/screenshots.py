"""`make screenshots`: the pictures of the guides, from the demo story in a real browser.

The database is installed anew each time, because the tickets of the story are counted from its installation.
`python3 -m tools.screenshots NAME...` makes only the pictures named.
"""

import io
import re
import subprocess
import sys
import xmlrpc.client
from dataclasses import dataclass

from . import cache, databases, demo, odoo, system
from .console import Fail, end, guarded, say, step
from .settings import ADDONS, DEMO_LOGINS, REPO, addons_in_hand

IMAGES = REPO / "docs/images"
WIDE, PHONE = {"width": 1400, "height": 900}, {"width": 390, "height": 844}
COLOURS = 128


@dataclass(frozen=True)
class Picture:
    """Who looks at which screen; `wait` says when it is there, `click` opens a dialog, `choose` fills a field of it.

    In `path` a name in braces is replaced by the id of that record of the demo story.
    """

    name: str
    login: str
    path: str
    wait: str
    click: str = ""
    choose: tuple[str, str] = ()
    full: bool = False
    phone: bool = False


BACKEND = (
    Picture("queue", "consultant", "/odoo/support-queue", ".o_list_view .o_data_row"),
    Picture("queue-kanban", "consultant", "/odoo/support-queue?view_type=kanban", ".o_kanban_record"),
    Picture("ticket", "consultant", "/odoo/support-queue/{demo_ticket_law_account}", "[name=support_promise]"),
    Picture("ticket-contact", "consultant", "/odoo/support-queue/{demo_ticket_law_scanner}", "[name=support_promise]"),
    Picture(
        "ticket-answered",
        "consultant",
        "/odoo/support-queue/{demo_ticket_clinic_letters}",
        "[name=support_promise]",
    ),
    Picture("agreements", "owner", "/odoo/support-agreements", ".o_list_view .o_data_row"),
    Picture("agreement", "owner", "/odoo/support-agreements/{demo_agreement_law}", ".o_form_view .o_notebook"),
    Picture(
        "agreement-premium",
        "owner",
        "/odoo/support-agreements/{demo_agreement_factory}",
        ".o_form_view .o_notebook",
    ),
    Picture(
        "notice",
        "owner",
        "/odoo/support-agreements/{demo_agreement_clinic}",
        "[name=statement_html] table",
        click="button[name=action_give_notice]",
    ),
    Picture(
        "simulation",
        "owner",
        "/odoo/support-agreements/{demo_agreement_clinic}",
        ".modal [name=statement_html] table",
        click="button[name=action_simulate_settlement]",
    ),
    Picture("resignations", "consultant", "/odoo/support-resignations", ".o_list_view .o_data_row"),
    Picture("resignation", "accountant", "/odoo/support-resignations/{demo_termination_library}", ".o_notebook"),
    Picture(
        "resignation-fee",
        "accountant",
        "/odoo/support-resignations/{demo_termination_library}",
        "[name=refund_if_none]:visible",
        click="a[name=treatment]",
    ),
    Picture(
        "resignation-handover",
        "consultant",
        "/odoo/support-resignations/{demo_termination_gallery}",
        "[name=handover_ids] .o_data_row",
        click="a[name=handover]",
    ),
    Picture(
        "resignation-open-work",
        "owner",
        "/odoo/support-resignations/{demo_termination_library}",
        "[name=open_work_html] table",
        click="a[name=open_work]",
    ),
    Picture("refunds", "accountant", "/odoo/support-refunds", ".o_list_view .o_data_row"),
    Picture("refund-overdue", "accountant", "/odoo/support-resignations/{demo_termination_gallery}", ".o_notebook"),
    Picture(
        "refund-exposure",
        "owner",
        "/odoo/action-support_plans.action_support_refund_exposure_open",
        ".o_list_view .o_data_row",
    ),
    Picture(
        "interest-rates",
        "accountant",
        "/odoo/action-support_plans.action_support_interest_rates",
        ".o_list_view .o_data_row",
    ),
    Picture(
        "change-plan",
        "owner",
        "/odoo/support-agreements/{demo_agreement_law}",
        ".modal .o_form_view",
        click="button[name=action_change_plan]",
        choose=("new_plan_id", "STANDARD"),
    ),
    Picture("plans", "owner", "/odoo/support-plans", ".o_list_view .o_data_row"),
    Picture("plan", "owner", "/odoo/support-plans/{support_plan_start}", ".o_form_view .o_notebook"),
    Picture(
        "comparison",
        "owner",
        "/odoo/action-support_plans.action_support_plan_comparison",
        ".modal table, .o_form_view table",
    ),
    Picture(
        "calendar",
        "owner",
        "/odoo/action-support_plans.action_support_calendars/{resource_calendar_start}",
        ".o_form_view",
    ),
    Picture(
        "ticket-time",
        "consultant",
        "/odoo/support-queue/{demo_ticket_law_account}",
        ".o_support_coverage tr[data-kind]",
        click="a[name=support_time]",
    ),
    Picture(
        "works",
        "consultant",
        "/odoo/action-support_timesheet.action_support_works",
        ".o_list_view .o_data_row",
    ),
    Picture(
        "balances",
        "owner",
        "/odoo/action-support_timesheet.action_support_balances",
        ".o_list_view .o_data_row",
    ),
    Picture(
        "work-to-bill",
        "accountant",
        "/odoo/action-support_timesheet.action_support_to_bill",
        ".o_list_view .o_group_header",
    ),
    Picture(
        "explain-line",
        "accountant",
        "/odoo/action-support_timesheet.action_support_ledger",
        ".o_list_view .o_data_row",
    ),
    Picture(
        "correct-work",
        "accountant",
        "/odoo/action-support_timesheet.action_support_works",
        ".modal .o_form_view",
        click="button[name=action_correct]",
    ),
    Picture(
        "buy-hours",
        "owner",
        "/odoo/support-agreements/{demo_agreement_law}",
        ".modal .o_form_view",
        click="button[name=action_buy_package]",
    ),
    Picture(
        "offers",
        "owner",
        "/odoo/action-support_timesheet.support_package_offer_action",
        ".o_list_view .o_data_row",
    ),
    Picture("ngo-programme", "owner", "/odoo/ngo-programmes/{demo_programme}", ".o_form_view .o_notebook"),
    Picture("ngo-members", "coordinator", "/odoo/ngo-members", ".o_list_view .o_data_row"),
    Picture("ngo-member", "coordinator", "/odoo/ngo-members/{demo_membership_readers}", ".o_form_view .o_notebook"),
    Picture(
        "ngo-verify",
        "coordinator",
        "/odoo/ngo-members/{demo_membership_circle}",
        ".modal .o_form_view",
        click="button[name=action_open_verification]",
    ),
    Picture(
        "ngo-promotion",
        "coordinator",
        "/odoo/action-ngo_incubator.ngo_promotion_action/{demo_promotion_readers_page}",
        ".o_form_view",
    ),
    Picture(
        "ngo-balance",
        "coordinator",
        "/odoo/action-ngo_incubator.ngo_balance_action",
        ".o_list_view .o_group_header",
    ),
    Picture(
        "settings-hours",
        "admin",
        "/odoo/settings",
        "[name=support_hours_usable]:visible",
        click=".settings_tab .tab[data-key=support_timesheet]",
    ),
)
PANEL = (
    Picture("panel-home", "client", "/my", ".o_portal_docs, .o_portal_my_home"),
    Picture("panel-new-ticket", "client", "/new/ticket", "#support_preview"),
    Picture("panel-tickets", "client", "/my/tickets", "table"),
    Picture("panel-ticket", "client", "/my/ticket/{demo_ticket_law_print}", "#chatterRoot .o-mail-Composer"),
    Picture("panel-agreement", "client", "/my/support-agreements/{demo_agreement_law}", "dl"),
    Picture("panel-hours", "client", "/my/support-hours/{demo_agreement_law}", "table"),
    Picture(
        "panel-order",
        "client",
        "/my/support-hours/{demo_agreement_law}/buy/{support_package_offer_starter_10}",
        "form[action*=buy]",
    ),
    Picture("panel-ngo", "ngo", "/my/ngo", ".card"),
    Picture("ngo-offer", "ngo", "/ngo/{demo_programme}", "table"),
)


def pictures():
    """All pictures; those of the panel on a phone, too."""
    phones = [
        Picture(f"{p.name}-phone", p.login, p.path, p.wait, full=True, phone=True)
        for p in PANEL
        if p.name != "panel-home"
    ]
    wide = [Picture(p.name, p.login, p.path, p.wait, full=True) for p in PANEL]
    return [*BACKEND, *wide, *phones]


def main() -> int:
    """Make the pictures, in English and, when it is translated, in Polish."""
    wanted = [p for p in pictures() if not sys.argv[1:] or p.name in sys.argv[1:]]
    if not wanted:
        raise Fail(f"no such picture; there are: {', '.join(p.name for p in pictures())}")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with databases.temporary(databases.dependency_template(demo=True)) as database:
        with step("the demo story, installed anew"):
            databases.install(database, addons_in_hand(), True, cache.log_file("screenshots-install"))
        with _serving(database) as url:
            _take_all(url, database, wanted)
    return 0


class _serving:
    """A server of the database as long as the block."""

    def __init__(self, database: str):
        self.port, self.log = odoo.free_port(), cache.log_file("screenshots")
        arguments = ["-d", database, f"--http-port={self.port}", "--max-cron-threads=0", "--db-filter", f"^{database}$"]
        with open(self.log, "wb") as output:
            self.process = subprocess.Popen(
                odoo.command(arguments), env=odoo.environment(), stdout=output, stderr=output
            )

    def __enter__(self) -> str:
        url = f"http://127.0.0.1:{self.port}"
        demo.wait_until_ready(url, self.process, self.log)
        return url

    def __exit__(self, *_):
        end(self.process)


def _take_all(url: str, database: str, wanted: list[Picture]) -> None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only developers have it

    ids = _ids(database)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=system.need_browser(), args=["--no-sandbox", "--disable-gpu"])
        for lang, suffix in _languages():
            _speak(url, database, lang)
            camera = Camera(browser, url, database, ids, lang)
            for picture in wanted:
                camera.take(picture, IMAGES / f"{picture.name}{suffix}.png")
        browser.close()


def _languages():
    """English; Polish, too, once every term is translated."""
    yield "en_US", ""
    catalogues = [ADDONS / addon / "i18n/pl.po" for addon in addons_in_hand()]
    if all(path.is_file() and not re.search(r'msgstr ""\n(\n|$)', path.read_text()) for path in catalogues):
        yield "pl_PL", ".pl"


def _ids(database: str) -> dict[str, int]:
    ours = "module IN ('support_plans', 'support_timesheet', 'ngo_incubator') AND res_id IS NOT NULL"
    rows = databases.postgres.query(f"SELECT name || ' ' || res_id FROM ir_model_data WHERE {ours}", database)
    return {row.rsplit(" ", 1)[0]: int(row.rsplit(" ", 1)[1]) for row in rows}


def _speak(url: str, database: str, lang: str) -> None:
    """Let the people of the demo story read in one language."""
    common = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/common")
    uid = common.authenticate(database, "admin", "admin", {})
    call = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/object").execute_kw
    logins = [login for _role, login in DEMO_LOGINS]
    people = call(database, uid, "admin", "res.users", "search", [[("login", "in", logins)]])
    call(database, uid, "admin", "res.users", "write", [people, {"lang": lang}])
    # What a picture of the other language has begun: with it, "Give Notice" is not offered again
    begun = call(database, uid, "admin", "support.termination", "search", [[("state", "=", "draft")]])
    call(database, uid, "admin", "support.termination", "unlink", [begun])


class Camera:
    """Logged-in browsers, one for each person and size."""

    def __init__(self, browser, url: str, database: str, ids: dict[str, int], lang: str):
        self.browser, self.url, self.database, self.ids, self.lang = browser, url, database, ids, lang
        self.contexts = {}

    def take(self, picture: Picture, target) -> None:
        """Open the screen and keep its picture, small."""
        # A page of its own: leaving a form by another address would save what a click has begun
        page = self._context(picture.login, picture.phone).new_page()
        path = picture.path.format(**self.ids)
        page.goto(path, wait_until="load")
        if picture.click:
            page.click(picture.click)
        page.wait_for_selector(picture.wait)
        if picture.choose:
            field, value = picture.choose
            page.fill(f".o_field_widget[name={field}] input", value)
            page.click(f".o-autocomplete--dropdown-item:has-text('{value}')")
        if picture.full:
            page.mouse.wheel(0, 5000)  # what is loaded only when it is seen
            page.wait_for_timeout(500)
            page.mouse.wheel(0, -5000)
        page.wait_for_timeout(1200)  # avatars, fonts, the chatter
        _save(page.screenshot(full_page=picture.full), target)
        page.close()
        say(f"  {target.name}: {target.stat().st_size // 1024} kB")

    def _context(self, login: str, phone: bool):
        key = (login, phone)
        if key not in self.contexts:
            self.contexts[key] = self._log_in(login, PHONE if phone else WIDE)
        return self.contexts[key]

    def _log_in(self, login: str, size: dict):
        context = self.browser.new_context(
            base_url=self.url, viewport=size, timezone_id="Europe/Warsaw", locale=self.lang.replace("_", "-")
        )
        page = context.new_page()
        page.goto(f"/web/login?db={self.database}")
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", login)
        page.click("form.oe_login_form button[type=submit]")
        page.wait_for_url(re.compile(r"/(odoo|web|my)(?!/login)"))
        page.close()
        return context


def _save(png: bytes, target) -> None:
    """A palette keeps the repository small; the pictures are flat colours and text."""
    from PIL import Image  # noqa: PLC0415 - Odoo's environment has it

    image = Image.open(io.BytesIO(png)).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)


if __name__ == "__main__":
    guarded(main)
