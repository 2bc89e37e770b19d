/** In charge of what creating and upserting a channel share: from the fields of a body to a channel that can be stored. */
import { z } from "zod";
import type { components } from "@kronicle/client/contract-types";
import type { NewChannel } from "./queries/insertChannel.ts";
import { type Column, planColumns } from "../columns/channel-schema.ts";
import { describeFaults, type Fault, FaultList } from "../problems/fault.ts";
import { type Labels, LABEL_FIELDS, oversizedLabels } from "./label-size.ts";
import { didYouMean } from "../formats/did-you-mean.ts";
import { jsonPointer } from "../formats/json-pointer.ts";
import { checkDocument } from "../columns/value-check.ts";
import { ProblemError } from "../problems/problem-error.ts";

type Fields = Omit<components["schemas"]["ChannelUpsert"], "channel_name" | "rows">;

/** What is checked of labels is the same whether they are set or merged. */
type LabelFields = Labels & { readonly name?: string | undefined };

/** @throws ProblemError schema_invalid */
export function planSchema(schema: Readonly<Record<string, string>>): Column[] {
  const { columns, faults } = planColumns(schema);
  if (faults.length > 0) throw schemaInvalid(faults);
  return columns;
}

/**
 * @param stored the labels that these take the place of.
 * @throws ProblemError schema_invalid when a label cannot be stored as it is, or is too large.
 */
export function checkLabels(fields: LabelFields, stored: Labels = {}): void {
  const faults: Fault[] = [];
  const name = checkDocument(fields.name);
  if (name) faults.push({ pointer: "/name", code: name.code, detail: name.detail });
  for (const field of LABEL_FIELDS) {
    const found = faults.length;
    for (const [key, value] of Object.entries(fields[field] ?? {})) {
      const fault = checkDocument({ [key]: value });
      if (fault) faults.push({ pointer: jsonPointer([field, key]), code: fault.code, detail: fault.detail });
    }
    // Parts that are small enough may not be so together.
    const whole = faults.length === found ? checkDocument(fields[field]) : null;
    if (whole) faults.push({ pointer: jsonPointer([field]), code: whole.code, detail: whole.detail });
  }
  if (faults.length === 0) faults.push(...oversizedLabels(fields, stored));
  if (faults.length > 0) throw schemaInvalid(faults);
}

/** @throws ProblemError schema_invalid when something is said of a column that does not exist. */
export function checkColumnInfo(columns: readonly Column[], columnInfo: object): void {
  const names = new Set(["time", ...columns.map(({ name }) => name)]);
  const faults = new FaultList();
  for (const name of Object.keys(columnInfo).filter((each) => !names.has(each))) {
    faults.add((mayGuess) => ({
      pointer: jsonPointer(["column_info", name]),
      code: "unknown_column",
      detail: `the channel has no such column${mayGuess ? didYouMean(name, names) : ""}`,
    }));
  }
  if (faults.count > 0) throw schemaInvalid(faults.found);
}

/** @throws ProblemError request_invalid when a channel is to be made without a schema. */
export function requireSchema({ channel_schema }: Pick<Fields, "channel_schema">): Readonly<Record<string, string>> {
  if (channel_schema) return channel_schema;
  throw new ProblemError("request_invalid", "The channel does not exist yet, so its channel_schema is needed.", {
    errors: [{ pointer: "/channel_schema", code: "missing", detail: "needed to create the channel" }],
  });
}

/**
 * A new channel from the fields of a body, whose labels were checked before.
 *
 * @throws ProblemError request_invalid, schema_invalid
 */
export function planCreation(fields: Fields): NewChannel {
  const columns = planSchema(requireSchema(fields));
  checkColumnInfo(columns, fields.column_info ?? {});
  return planNewChannel(fields, columns);
}

export function planNewChannel(fields: Fields, columns: readonly Column[]): NewChannel {
  return {
    channelId: fields.channel_id ?? null,
    name: fields.name ?? null,
    columns,
    columnInfo: fields.column_info ?? {},
    metadata: fields.metadata ?? {},
    tags: fields.tags ?? {},
    density: fields.density ?? "normal",
  };
}

export function schemaInvalid(errors: Fault[]): ProblemError {
  return new ProblemError("schema_invalid", describeFaults(errors), { errors });
}

const columnInfo = z.record(
  z.string(),
  z.strictObject({ unit: z.string().min(1).max(64).optional(), description: z.string().max(1024).optional() }),
);

/** @throws ProblemError schema_invalid when a merge has made something of it that the contract does not allow. */
export function readColumnInfo(merged: object): z.infer<typeof columnInfo> {
  const { data, error } = columnInfo.safeParse(merged);
  if (data) return data;
  throw schemaInvalid(
    error.issues.map(({ path, message }) => ({
      pointer: jsonPointer(["column_info", ...path.map(String)]),
      code: "bad_column_info",
      detail: message,
    })),
  );
}
