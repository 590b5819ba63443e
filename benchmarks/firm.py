"""A Polish company with a chart, and what the scenarios of invoices need of it."""


def create_company(env, name):
    """Create the company and return the environment in which it is the only one."""
    company = env["res.company"].create({"name": name, "currency_id": env.ref("base.PLN").id})
    company.partner_id.country_id = env.ref("base.pl")  # by the company, Odoo would install more modules
    env["account.chart.template"].try_loading("pl", company, install_demo=False)
    env.user.company_ids |= company
    return env(context={"allowed_company_ids": company.ids})


def get_tax(env):
    """Return the sales tax of 23 % of the environment's company."""
    domain = [("company_id", "=", env.company.id), ("type_tax_use", "=", "sale"), ("amount", "=", 23)]
    return env["account.tax"].search(domain, limit=1)


def create_clients(env, name, count):
    """Create companies with a name and a number each."""
    return env["res.partner"].create([{"name": f"{name} {number:04d}", "is_company": True} for number in range(count)])
