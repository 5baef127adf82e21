"""Tidemark in Airflow (2.7 or newer, 3 included): one task a step, with the exit codes of the contract.

2, 3 and 4 need a person, so the task fails at once, whatever its retries say; 5 (lock busy, database away, file still
arriving, no delivery yet) is retried; the result object is the task's return value (XCom). A `validate` that is tried again
looks through the gate first: the list that it waits for may have landed after `ingest` ran.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

from airflow.exceptions import AirflowException, AirflowFailException

try:  # Airflow 3
    from airflow.sdk import DAG, BaseOperator
except ImportError:  # Airflow 2
    from airflow import DAG
    from airflow.models.baseoperator import BaseOperator

ASK_A_PERSON = {1, 2, 3, 4}


class TidemarkOperator(BaseOperator):
    """Runs one Tidemark command in a pipeline's folder."""

    template_fields: Sequence[str] = ("period", "dataset", "project", "tidemark_run_id")

    def __init__(
        self,
        *,
        step: str,
        period: str,
        project: str,
        dataset: str | None = None,
        command: Sequence[str] = ("tidemark",),
        flags: Sequence[str] = (),
        env: dict[str, str] | None = None,
        tidemark_run_id: str = "{{ run_id }}",
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        self.step = step
        self.period = period
        self.project = project
        self.dataset = dataset
        self.command = command
        self.flags = flags
        self.env = env
        self.tidemark_run_id = tidemark_run_id
        self._process: subprocess.Popen | None = None

    def execute(self, context) -> dict:
        if self.step == "validate" and context["ti"].try_number > 1:
            # What the gate refuses is told by `validate`, if it concerns what this task is about.
            self._run("ingest")
        return self._judge(*self._run(self.step, dataset=self.dataset, flags=self.flags))

    def _run(self, step: str, dataset: str | None = None, flags: Sequence[str] = ()) -> tuple[int, dict]:
        call = [*self.command, step, "--period", self.period, "--project", self.project]
        if dataset:
            call += ["--dataset", dataset]
        call += ["--json", "--log-format", "text", "--no-color", "--yes", "--run-id", self.tidemark_run_id, *flags]
        self._process = subprocess.Popen(
            call,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **(self.env or {})},
            start_new_session=True,
        )
        # The log is read beside the result: a full pipe would stop the command.
        log = threading.Thread(target=self._copy_log, args=(self._process.stderr,), daemon=True)
        log.start()
        lines = self._process.stdout.read().strip().splitlines()
        code = self._process.wait()
        log.join(timeout=10)
        return code, self._parse(lines)

    def on_kill(self) -> None:
        """SIGTERM rolls the open transaction back; running the task again is always safe."""
        if self._process and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)

    def _copy_log(self, stream) -> None:
        for line in stream:
            self.log.info("%s", line.rstrip())

    @staticmethod
    def _parse(lines: list[str]) -> dict:
        try:
            return json.loads(lines[-1])
        except (IndexError, ValueError):
            return {}

    def _judge(self, code: int, result: dict) -> dict:
        if code == 0:
            return result
        told = " ".join(text for text in (result.get("message"), result.get("hint")) if text)
        said = f"tidemark {self.step} {self.period} ended with {code} ({result.get('status', 'no result')}): {told}"
        if code in ASK_A_PERSON:
            raise AirflowFailException(said)
        raise AirflowException(said)


def previous_month() -> str:
    """The month before the one the run falls in, under either of Airflow's cron timetables."""
    return "{{ data_interval_end.subtract(months=1).strftime('%Y-%m') }}"


with DAG(
    dag_id="tidemark_monthly",
    schedule="0 6 * * *",  # every morning: what has not arrived yet is asked for again tomorrow
    start_date=datetime(2025, 5, 1),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 6, "retry_delay": timedelta(minutes=10)},
) as dag:
    where = {"project": "/srv/pipeline", "period": previous_month()}
    steps = [
        TidemarkOperator(task_id=step.replace("-", "_"), step=step, **where)
        for step in ("ingest", "validate", "load-stage", "transform", "publish")
    ]
    for before, after in zip(steps, steps[1:]):
        before >> after
