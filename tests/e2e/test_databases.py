"""The tooling's databases: a connection that somebody forgot does not stop the next run."""

import os

import psycopg2

from tools import databases, postgres


def test_a_database_is_dropped_while_somebody_is_connected():
    name = f"{databases.RUN_PREFIX}{os.getpid()}_connected"
    postgres.query(f'CREATE DATABASE "{name}"')
    forgotten = psycopg2.connect(dbname=name)
    try:
        databases.drop(name)
        assert not databases.exists(name)
    finally:
        forgotten.close()
