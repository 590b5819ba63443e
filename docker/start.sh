#!/bin/bash
# Inside the Odoo container: the demo database once, then the server.
set -euo pipefail

# The addons of this repository, as one list: auto-installed ones come by themselves.
addons=$(cd /mnt/extra-addons && ls -d */__manifest__.py | cut -d/ -f1 | paste -sd, -)
connection=(--db_host "$HOST" --db_port "$PORT" --db_user "$USER" --db_password "$PASSWORD")
installed=$(PGPASSWORD=$PASSWORD psql -h "$HOST" -p "$PORT" -U "$USER" -d postgres -tAc \
    "SELECT 1 FROM pg_database WHERE datname = '$DATABASE'")

if [ "$installed" != 1 ]; then
    echo "Creating the demo database (some minutes, once)"
    odoo "${connection[@]}" -d "$DATABASE" -i "$addons" --load-language=pl_PL --with-demo --stop-after-init --no-http
fi
echo "Odoo will answer at http://localhost:8069"
exec /entrypoint.sh odoo -d "$DATABASE" --db-filter "^$DATABASE\$"
