"""What Schemathesis cannot know: how our media types are written, and when a refusal of valid data is right."""

import json
import os
import random

import schemathesis

coverage_share = float(os.environ.get("FUZZ_COVERAGE_SHARE", "1"))
chance = random.Random(os.environ.get("FUZZ_SEED"))


# The channel that run.sh makes for the others to read.
KEPT_CHANNEL = "7d0c2f6e-51b3-4c0a-9a55-3c1f8e2b6a90"
CHANGES_CHANNELS = {"deleteChannel", "deleteChannels", "patchChannel"}


@schemathesis.hook
def filter_case(ctx, case):
    operation_id = case.operation.definition.raw.get("operationId")
    if operation_id in CHANGES_CHANNELS and KEPT_CHANNEL in f"{case.path_parameters} {case.body}".lower():
        return False
    # The coverage phase knows no limit. With a small budget a part of it is sent, another one with each seed.
    is_coverage = case.meta is not None and case.meta.phase.name == "coverage"
    return not is_coverage or chance.random() < coverage_share


# To the contract these bodies are text. The shortest texts become a good row, for no made-up text ever would be one.
@schemathesis.serializer("application/x-ndjson", "application/ndjson")
def write_ndjson(ctx, value):
    return {"data": as_bytes(value, '{"time": "2024-03-01T00:00:00Z", "temperature": 20.5}\n')}


@schemathesis.serializer("text/csv")
def write_csv(ctx, value):
    return {"data": as_bytes(value, "time,temperature\r\n2024-03-01T00:00:00Z,20.5\r\n")}


def as_bytes(value, good_row):
    text = value if isinstance(value, str) else json.dumps(value)
    return (good_row if len(text) == 1 else text).encode("utf-8", "surrogatepass")


@schemathesis.deserializer("application/x-ndjson", "application/ndjson", "text/csv")
def read_text(ctx, response):
    return response.content.decode("utf-8")


# What a row holds is data of the channel. Without this no made-up row would ever be stored.
@schemathesis.hook
def map_body(ctx, body):
    if isinstance(body, dict) and isinstance(body.get("rows"), list):
        return {**body, "rows": [{"temperature": 20.5} if row == {} else row for row in body["rows"]]}
    return body


# Rules that JSON Schema cannot state, because they tie a request to the stored channel or one part of it to another.
RULE_PROBLEMS = {"schema_invalid", "row_invalid", "too_many_chunks", "query_invalid"}
RULE_FAULTS = {
    "not_for_lane",
    "not_in_future",
    "weak_password",
    "not_storable",
    "missing",  # an upsert that creates needs a schema
    "differs_from_path",
    "differs_from_name",
    "differs_from_channel_id",
    "malformed_parameter",  # the value of any[…] is a line of CSV, and that of where has a grammar
    "repeated_parameter",  # two texts of where may be the same filter
    "too_deep",
}
TEXT_BODIES = {"application/x-ndjson", "application/ndjson", "text/csv"}


@schemathesis.check
def refusal_names_a_rule(ctx, response, case):
    """Stands in where `positive_data_acceptance` is off: valid data may be refused for a rule, and never by the schema."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code != 400:
        return
    problem = response.json()
    if problem["code"] in RULE_PROBLEMS or {fault["code"] for fault in problem["errors"]} & RULE_FAULTS:
        return
    if problem["code"] == "body_malformed" and case.media_type in TEXT_BODIES:
        return
    raise AssertionError(f"Data that the contract allows was refused by it: {problem['detail']}")
