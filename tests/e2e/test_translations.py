"""The committed templates hold exactly the terms of the installed addons."""

import pytest

from tools import catalogues, databases, translations
from tools.settings import ADDONS, addons_in_hand


@pytest.mark.parametrize("addon", addons_in_hand())
def test_template_holds_the_terms_of_the_installed_addon(addon, tmp_path):
    committed = ADDONS / addon / "i18n" / f"{addon}.pot"
    if not committed.is_file():
        pytest.skip(f"{addon} has no template yet: make pot")
    exported = tmp_path / f"{addon}.pot"
    translations.export(databases.addons_template(demo=False), addon, exported)
    real, kept = catalogues.terms_of(exported), catalogues.terms_of(committed)
    assert real == kept, f"run `make pot`; new: {sorted(real - kept)[:5]}, gone: {sorted(kept - real)[:5]}"
