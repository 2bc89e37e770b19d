import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { DOCUMENT, follow, OPERATIONS } from "./document.ts";

const object = z.record(z.string(), z.unknown());

/** Keywords that a client would break on when a later version sends more. */
const CLOSED = [
  ["enum", () => true],
  ["const", () => true],
  ["pattern", () => true],
  ["additionalProperties", (value: unknown) => value === false],
  ["unevaluatedProperties", (value: unknown) => value === false],
] as const;

/** Places in an answer at which a later version could not send more without breaking clients that check what they get. */
function closedPlaces(schema: unknown, place: string, seen: readonly unknown[] = []): string[] {
  // Some are just true or false.
  if (!object.safeParse(schema).success) return [];
  const target = follow(schema);
  if (seen.includes(target)) return [];
  const data = object.parse(target);
  const alternatives = z.array(z.unknown()).parse(data["anyOf"] ?? []);
  const inner = (value: unknown, name: string) => closedPlaces(value, `${place}${name}`, [...seen, target]);
  return [
    ...CLOSED.filter(([keyword, isClosed]) => keyword in data && isClosed(data[keyword])).map(
      ([keyword]) => `${place} ${keyword}`,
    ),
    ...Object.entries(object.parse(data["properties"] ?? {})).flatMap(([name, value]) => inner(value, `/${name}`)),
    ...inner(data["additionalProperties"], "/*"),
    ...inner(data["items"], "/*"),
    ...z
      .array(z.unknown())
      .parse(data["allOf"] ?? [])
      .flatMap((value) => inner(value, "")),
    // A list of known values beside any text is what tells clients to expect more.
    ...(alternatives.some((value) => isDeepStrictEqual(value, { type: "string" }))
      ? []
      : alternatives.flatMap((value) => inner(value, ""))),
  ];
}

function answersOf({ method, path }: (typeof OPERATIONS)[number]): [place: string, schema: unknown][] {
  const operation = object.parse(object.parse(object.parse(object.parse(DOCUMENT)["paths"])[path])[method]);
  return Object.entries(object.parse(operation["responses"])).flatMap(([status, reference]) => {
    const response = object.parse(follow(reference));
    const parts = { ...object.parse(response["content"] ?? {}), ...object.parse(response["headers"] ?? {}) };
    return Object.entries(parts).map(([name, part]): [string, unknown] => [
      `${status} ${name}`,
      object.parse(follow(part))["schema"],
    ]);
  });
}

describe("answers are open", () => {
  test.each(OPERATIONS.map((operation) => [operation.id, operation] as const))("of %s", (_id, operation) => {
    const answers = answersOf(operation);
    expect(answers.length).toBeGreaterThan(0);
    expect(answers.flatMap(([place, schema]) => closedPlaces(schema, place))).toEqual([]);
  });

  test("so that a client that checks them takes those of a later version", () => {
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    ajv.addSchema(object.parse(DOCUMENT), "contract");
    const today = object.parse(examples["StoredRows"]?.value);
    const later = {
      ...today,
      density: "hourly",
      channel_schema: { time: "datetime", temperature: "decimal", note: "optional[str]" },
      column_info: { temperature: { unit: "Cel", precision: 2 } },
      op_status: "partial",
      retention: "90d",
    };
    const isWriteResult = ajv.compile({ $ref: "contract#/components/schemas/WriteResult" });
    expect(isWriteResult(later) || isWriteResult.errors).toBe(true);
    const isProblem = ajv.compile({ $ref: "contract#/components/schemas/Problem" });
    const problem = { ...object.parse(examples["RowInvalid"]?.value), code: "too_many_rows", retry: true };
    expect(isProblem(problem) || isProblem.errors).toBe(true);
  });
});

const { examples } = z
  .object({ components: z.object({ examples: z.record(z.string(), z.object({ value: z.unknown() })) }) })
  .parse(DOCUMENT).components;
