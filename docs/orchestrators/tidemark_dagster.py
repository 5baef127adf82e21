"""Tidemark in Dagster: an asset a step, partitioned by month, with the exit codes of the contract.

2, 3 and 4 need a person and fail without a retry; 5 asks Dagster to try again later. A `validate` that is tried again looks
through the gate first: the list that it waits for may have landed after `ingest` ran.
"""

import json
import os
import subprocess

from dagster import (
    AssetExecutionContext,
    Definitions,
    Failure,
    MaterializeResult,
    MonthlyPartitionsDefinition,
    RetryRequested,
    asset,
)

PROJECT = os.environ.get("TIDEMARK_PROJECT", "/srv/pipeline")
MONTHS = MonthlyPartitionsDefinition(start_date="2025-04", fmt="%Y-%m")


def call(context: AssetExecutionContext, step: str) -> subprocess.CompletedProcess:
    words = ["tidemark", step, "--period", context.partition_key, "--project", PROJECT, "--json", "--no-color", "--yes"]
    done = subprocess.run([*words, "--run-id", context.run_id], capture_output=True, text=True)
    for line in done.stderr.splitlines():
        context.log.info(line)
    return done


def tidemark(context: AssetExecutionContext, step: str) -> MaterializeResult:
    period = context.partition_key
    if step == "validate" and context.op_execution_context.retry_number > 0:
        call(context, "ingest")
    done = call(context, step)
    lines = done.stdout.strip().splitlines()
    result = json.loads(lines[-1]) if lines else {}
    if done.returncode == 0:
        rows = {key: value for key, value in (result.get("rows") or {}).items() if value is not None}
        return MaterializeResult(metadata={"message": result.get("message") or "", "rows": rows})
    told = f"{result.get('message') or ''} {result.get('hint') or ''}".strip()
    if done.returncode == 5:
        raise RetryRequested(max_retries=6, seconds_to_wait=600) from Exception(told)
    raise Failure(description=f"tidemark {step} {period} ended with {done.returncode}: {told}", allow_retries=False)


@asset(partitions_def=MONTHS)
def landed(context: AssetExecutionContext) -> MaterializeResult:
    return tidemark(context, "ingest")


@asset(partitions_def=MONTHS, deps=[landed])
def cleaned(context: AssetExecutionContext) -> MaterializeResult:
    return tidemark(context, "validate")


@asset(partitions_def=MONTHS, deps=[cleaned])
def stage(context: AssetExecutionContext) -> MaterializeResult:
    return tidemark(context, "load-stage")


@asset(partitions_def=MONTHS, deps=[stage])
def core(context: AssetExecutionContext) -> MaterializeResult:
    return tidemark(context, "transform")


@asset(partitions_def=MONTHS, deps=[core])
def mart(context: AssetExecutionContext) -> MaterializeResult:
    return tidemark(context, "publish")


defs = Definitions(assets=[landed, cleaned, stage, core, mart])
