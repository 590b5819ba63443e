"""Speed of Support Plans for Odoo against its peers, measured side by side; see README.md."""
