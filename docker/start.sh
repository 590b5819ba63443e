#!/bin/bash
# Inside the Odoo container: the demo database once, an update when the addons
# changed, then the server.
set -euo pipefail

ready=/var/lib/odoo/$DATABASE.ready
connection=(--db_host "$HOST" --db_port "$PORT" --db_user "$USER" --db_password "$PASSWORD")
addons=$(cd /mnt/extra-addons && ls -d */__manifest__.py | cut -d/ -f1 | paste -sd, -)
content=$(cd /mnt/extra-addons && find . -type f ! -path '*/tests/*' ! -name '*.pyc' -print0 | sort -z | xargs -0 sha256sum | sha256sum)

once() {
    odoo "${connection[@]}" -d "$DATABASE" "$@" --with-demo --stop-after-init --no-http
    echo "$content" > "$ready"
}

if [ ! -f "$ready" ]; then
    echo "Creating the demo database (some minutes, once)"
    # An interrupted first start leaves half a database behind.
    PGPASSWORD=$PASSWORD dropdb --if-exists --force -h "$HOST" -p "$PORT" -U "$USER" "$DATABASE"
    once -i "$addons" --load-language=pl_PL
elif [ "$(cat "$ready")" != "$content" ]; then
    echo "The addons changed: updating the demo database"
    once -i "$addons" -u "$addons"
fi

echo "Odoo will answer at http://localhost:8069"
exec /entrypoint.sh odoo -d "$DATABASE" --db-filter "^$DATABASE\$"
