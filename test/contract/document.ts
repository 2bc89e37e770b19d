/** In charge of the contract as a reader of the file sees it: parsed here, independently of the server that is tested against it. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

const METHODS = ["get", "put", "post", "patch", "delete", "head", "options", "trace"] as const;
type Method = (typeof METHODS)[number];

/** All of it, as parsed. */
export const DOCUMENT: unknown = parse(readFileSync(new URL("../../openapi/openapi.yaml", import.meta.url), "utf8"));

const example = z.object({ value: z.unknown() });
const media = z.object({ examples: z.record(z.string(), z.unknown()) });
const parameter = z.object({ name: z.string(), in: z.string(), example: z.unknown().optional() });
const response = z.object({
  content: z.record(z.string(), media).default({}),
  headers: z.record(z.string(), z.unknown()).default({}),
});
const operation = z.object({
  operationId: z.string(),
  // An empty one beside the other: the configuration may open the operation, and by itself does not.
  security: z.array(z.object({ bearer: z.tuple([]).optional() })),
  "x-lowest-role": z.enum(["reader", "writer", "admin"]).optional(),
  parameters: z.array(z.unknown()).default([]),
  requestBody: z.object({ content: z.record(z.string(), media) }).optional(),
  responses: z.record(z.string(), z.unknown()),
});

type Example = { readonly name: string; readonly value: unknown };

export type DocumentedOperation = {
  readonly id: string;
  readonly method: Method;
  readonly path: string;
  /** The path with the example of each parameter in it. */
  readonly examplePath: string;
  /** The example of each query parameter, ready for a URL. */
  readonly exampleQuery: string;
  readonly role: "reader" | "writer" | "admin" | null;
  readonly requests: readonly (Example & { readonly type: string })[];
  readonly responses: readonly { readonly status: string; readonly type: string; readonly examples: readonly Example[] }[];
  readonly statuses: readonly string[];
};

/** Every operation of the document, in its order. */
export const OPERATIONS: readonly DocumentedOperation[] = Object.entries(pick(DOCUMENT, "paths")).flatMap(([path, item]) =>
  METHODS.filter((method) => Object.hasOwn(record(item), method)).map((method) => read(path, method, record(item))),
);

/** Every path with the methods it takes, in the words of HTTP. */
export const PATHS: readonly { readonly path: string; readonly methods: readonly string[] }[] = [
  ...Map.groupBy(OPERATIONS, ({ examplePath }) => examplePath),
].map(([path, group]) => ({
  path,
  methods: group.flatMap(({ method }) => (method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()])),
}));

function read(path: string, method: Method, item: Record<string, unknown>): DocumentedOperation {
  const { operationId, security, "x-lowest-role": role, requestBody, responses, parameters } = operation.parse(item[method]);
  const given = [...z.array(z.unknown()).parse(item["parameters"] ?? []), ...parameters].map((each) =>
    parameter.parse(follow(each)),
  );
  const examples = new Map(given.filter(({ example }) => example !== undefined).map(({ name, example }) => [name, example]));
  return {
    id: operationId,
    method,
    path,
    examplePath: path.replaceAll(/\{(\w+)\}/g, (_all, name) => String(examples.get(name))),
    exampleQuery: new URLSearchParams(
      given.filter((each) => each.in === "query").flatMap(({ name, example }) => written(name, example)),
    ).toString(),
    role: security.some(({ bearer }) => bearer) ? (role ?? null) : null,
    requests: Object.entries(requestBody?.content ?? {}).flatMap(([type, each]) =>
      examplesOf(each).map(({ name, value }) => ({ type, name, value })),
    ),
    responses: Object.entries(responses).flatMap(([status, each]) =>
      Object.entries(response.parse(follow(each)).content).map(([type, body]) => ({ status, type, examples: examplesOf(body) })),
    ),
    statuses: Object.keys(responses),
  };
}

/** Objects are written with brackets, and lists by repeating the name. */
function written(name: string, value: unknown): [string, string][] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.map((each) => [name, String(each)]);
  if (typeof value !== "object") return [[name, String(value)]];
  return Object.entries(record(value)).map(([key, each]) => [`${name}[${key}]`, String(each)]);
}

function examplesOf({ examples }: z.infer<typeof media>): Example[] {
  return Object.entries(examples).map(([name, each]) => ({ name, value: example.parse(follow(each)).value }));
}

/** What a `$ref` leads to; anything else is itself. */
export function follow(value: unknown): unknown {
  const reference = record(value)["$ref"];
  if (typeof reference !== "string") return value;
  return reference
    .split("/")
    .slice(1)
    .reduce<unknown>((place, name) => record(place)[name], DOCUMENT);
}

function pick(value: unknown, name: string): Record<string, unknown> {
  return record(record(value)[name]);
}

function record(value: unknown): Record<string, unknown> {
  return z.record(z.string(), z.unknown()).parse(value);
}
