{
    "name": "Poland - Support Plans in KSeF",
    "summary": "Invoices and corrections of support plans as true FA(3) documents for KSeF",
    "version": "19.0.1.0.0",
    "category": "Accounting/Localizations",
    "license": "AGPL-3",
    "author": "Support Plans for Odoo contributors",
    "website": "https://example.com/support-plans-odoo",
    "depends": ["support_plans", "l10n_pl_edi"],
    "data": [
        "report/account_move_templates.xml",
        "views/account_move_views.xml",
        "views/account_tax_views.xml",
    ],
    "auto_install": True,
}
