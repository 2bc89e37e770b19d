/**
 * In charge of definitions in a dump: they keep to the rules of the contract, as those that come over the API do. Only the size of labels is
 * not looked at, for a dump may be older than its limit.
 */
import { z } from "zod";
import { checkColumnInfo, planSchema, readColumnInfo } from "../../channels/plan-channel.ts";
import { formatColumnType } from "../../columns/column-type.ts";
import { MAX_COLUMNS } from "../../columns/channel-schema.ts";
import { checkDocument } from "../../columns/value-check.ts";
import { ProblemError } from "../../problems/problem-error.ts";
import { brokenLine } from "./dump-error.ts";
import type { ChannelDefinition } from "./dump-lines.ts";

// eslint-disable-next-line no-control-regex -- They are what is refused.
const NAME = /^[^\u0000-\u001f\u007f]{1,256}$/u;

const labelKey = z.string().regex(/^[^:]{1,256}$/su, "a key has 1 to 256 characters and no colon");
const tagValue = z.union([z.string().max(1024), z.number(), z.boolean()]);

const definition = z.object({
  name: z.string().regex(NAME, "a name has 1 to 256 characters and no control characters").nullable(),
  columns: z.array(z.unknown()).max(MAX_COLUMNS),
  // Not the values: a record of z would lose a key __proto__, and only keys are looked at here.
  metadata: z.custom<object>(
    (value) => areKeys(value, 1024),
    "a key has 1 to 256 characters and no colon, and there are 1024 at most",
  ),
  tags: z.record(labelKey, z.union([tagValue, z.array(tagValue).max(256)])),
});

function areKeys(value: unknown, most: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  const keys = Object.keys(value);
  return keys.length <= most && keys.every((key) => labelKey.safeParse(key).success);
}

/** @throws DumpError that names the line, when no channel could have this definition. */
export function checkDefinition(channel: ChannelDefinition, line: number): void {
  const { error } = definition.safeParse(channel);
  if (error) {
    const [issue] = error.issues;
    throw brokenLine(line, `${issue?.path.join(".") ?? "channel"}: ${issue?.message ?? "it is none"}`);
  }
  for (const field of ["name", "column_info", "metadata", "tags"] as const) {
    const fault = checkDocument(channel[field]);
    if (fault) throw brokenLine(line, `${field}: ${fault.detail}`);
  }
  try {
    const columns = planSchema(Object.fromEntries(channel.columns.map((column) => [column.name, formatColumnType(column)])));
    if (columns.length !== channel.columns.length) throw brokenLine(line, "columns: a column stands twice, or is the time");
    checkColumnInfo(columns, readColumnInfo(channel.column_info));
  } catch (failure) {
    if (failure instanceof ProblemError) throw brokenLine(line, failure.message);
    throw failure;
  }
}
