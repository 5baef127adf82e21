"""Hands over postings by plain SQL, as any client of PostgreSQL can: run_id, actor and raw_data, nothing else.

    pip install "psycopg[binary]"
    DATABASE_URL=postgres://fetcher@localhost/warehouse python fetch.py wednesday

The role needs no more than `tidemark migrate --grant-scripts fetcher` gives it. A submit_key makes a second try harmless.
"""
import json
import os
import sys

import psycopg

POSTINGS = [
    {"job_id": "J-10200", "job": {"title": "Actuary", "salary": 5100}, "posted": "2026-01-14"},
    {"job_id": "J-10201", "job": {"title": "Cashier", "salary": "2999.90"}, "posted": "2026-01-15"},
    {"job_id": "J-10202", "job": {}, "posted": "2026-01-15"},
]

INSERT = """
    INSERT INTO stage.postings_records (run_id, actor, submit_key, raw_data)
    VALUES (%s, %s, %s, %s) ON CONFLICT (submit_key) DO NOTHING RETURNING staging_id
"""


def main() -> None:
    run = sys.argv[1]
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        for posting in POSTINGS:
            key = f"{run}/{posting['job_id']}"
            row = connection.execute(INSERT, (run, "fetch.py", key, json.dumps(posting))).fetchone()
            print(f"{posting['job_id']}: {'handed over before' if row is None else f'record {row[0]}'}")


if __name__ == "__main__":
    main()
