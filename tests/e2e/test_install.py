"""Our addons come, are updated, go and come again without a word of complaint."""

from tools import cache, databases, logcheck, odoo
from tools.console import call
from tools.settings import addons_in_hand


def _odoo(name, *arguments):
    """Run Odoo's command line to its end; its log must be clean."""
    log = cache.log_file(f"install-{name}")
    with open(log, "wb") as output:
        code = call(odoo.command(list(arguments)), env=odoo.environment(), stdout=output, stderr=output)
    found = "\n".join(map(str, logcheck.problems(log)))
    assert not code and not found, f"{name}: code {code}, log {log}\n{found}"


def _server(name, database, *arguments):
    _odoo(name, "-d", database, *arguments, "--stop-after-init", "--no-http")


def test_update_with_demo_data_leaves_no_complaint():
    with databases.temporary(databases.addons_template(demo=True)) as database:
        _server("update", database, "-u", ",".join(addons_in_hand()), "--with-demo")


def test_uninstalled_and_installed_again_leaves_no_complaint():
    addons = addons_in_hand()
    with databases.temporary(databases.addons_template(demo=False)) as database:
        _odoo("uninstall", "module", "uninstall", "-d", database, *addons)
        left = databases.postgres.query(
            "SELECT module || '.' || name FROM ir_model_data WHERE module IN ("
            + ", ".join(f"'{addon}'" for addon in addons)
            + ") AND name <> 'module_' || module LIMIT 5",
            database,
        )
        assert not left, f"left behind by the uninstallation: {left}"
        _server("reinstall", database, "-i", ",".join(addons))
