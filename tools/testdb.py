"""`bin/testdb NAME`: a fresh database of your own in seconds."""

import argparse

from . import databases
from .console import guarded, say


def main() -> int:
    """Make, list or drop databases for development."""
    parser = argparse.ArgumentParser(prog="bin/testdb", description=__doc__)
    parser.add_argument("name", nargs="?", help="the database to create (replaced when it exists)")
    parser.add_argument("--demo", action="store_true", help="with demo data")
    parser.add_argument("--installed", action="store_true", help="with our addons installed too")
    parser.add_argument("--drop", action="store_true", help="drop the database instead")
    options = parser.parse_args()
    if not options.name:
        print("\n".join(databases.names()))
    elif options.drop:
        databases.drop(options.name)
    else:
        build = databases.addons_template if options.installed else databases.dependency_template
        databases.create(options.name, build(options.demo))
        say(f"  database {options.name} is ready: bin/odoo -d {options.name} ...")
    return 0


if __name__ == "__main__":
    guarded(main)
