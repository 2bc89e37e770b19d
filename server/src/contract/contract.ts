/** In charge of the contract as the server knows it: read, checked and ready before anything listens. */
import { readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import { parse } from "yaml";
import { z } from "zod";
import { type Role, ROLES } from "../access/role.ts";
import { EXIT, OperatorError } from "../config/operator-error.ts";
import { ConstantText } from "./constant-text.ts";

const METHODS = ["get", "put", "post", "patch", "delete"] as const;
/** HEAD and OPTIONS are answered for every path, and nothing listens to TRACE. */
const UNROUTED_METHODS = ["head", "options", "trace"];
type Method = (typeof METHODS)[number];

const parameterShape = z.looseObject({
  name: z.string(),
  in: z.enum(["path", "query", "header"]),
  style: z.string().optional(),
  schema: z.looseObject({ type: z.unknown().optional() }).optional(),
});

const bearer = z.strictObject({ bearer: z.tuple([]) });

const operationShape = z.object({
  operationId: z.string(),
  parameters: z.array(z.unknown()).default([]),
  security: z.union([z.tuple([]), z.tuple([bearer]), z.tuple([z.strictObject({}), bearer])]),
  "x-lowest-role": z.enum(ROLES).optional(),
  requestBody: z.object({ content: z.record(z.string(), z.unknown()), "x-max-bytes": z.int().positive().optional() }).optional(),
  responses: z.record(z.string(), z.looseObject({ content: z.record(z.string(), z.unknown()).optional() })),
});

const documentShape = z.looseObject({
  openapi: z.string().startsWith("3.1", "is not 3.1"),
  info: z.looseObject({ version: z.string() }),
  paths: z.record(z.string().startsWith("/"), z.looseObject({})),
});

export type ContractOperation = {
  readonly id: string;
  readonly method: Method;
  /** As the contract writes it: `/api/v1/channels/{channel_id}`. */
  readonly path: string;
  /** The lowest role that may call it; null when it is open to all. */
  readonly role: Role | null;
  /** Whether the contract leaves it to the configuration to open it to all: it then has an empty requirement beside that of the role. */
  readonly mayBeOpen: boolean;
  /** Names of its query parameters. */
  readonly queryParameters: readonly string[];
  /** Those among them that are whole numbers. */
  readonly integerParameters: readonly string[];
  /** Those among them that may stand several times. */
  readonly listParameters: readonly string[];
  /** Those among them that are written with brackets: `min[temperature]`. */
  readonly bracketParameters: readonly string[];
  /** Media types of its body; empty when it takes none. */
  readonly consumes: readonly string[];
  /** Most bytes of its body, after inflation, where the contract has a limit of its own (`x-max-bytes`). */
  readonly maxBytes: number | null;
  /** Media types of its successful answers. */
  readonly produces: readonly string[];
};

export type Contract = {
  /** Made once, and so is its JSON: it has 300 KB, and anybody may ask for it as often as they like. */
  readonly yaml: ConstantText;
  readonly json: ConstantText;
  readonly document: Readonly<Record<string, unknown>>;
  readonly version: string;
  readonly operations: readonly ContractOperation[];
};

/** The contract and the server do not fit together. The server does not start. */
export class ContractError extends OperatorError {
  override name = "ContractError";

  constructor(message: string, options?: ErrorOptions) {
    super(EXIT.config, message, options);
  }
}

/** The text of the contract that this server was built with. */
export function readContractFile(): string {
  return readFileSync(new URL(import.meta.resolve("@kronicle/openapi/openapi.yaml")), "utf8");
}

/**
 * Reads a contract and checks it against the handlers.
 *
 * @throws ContractError on a document that is not valid OpenAPI 3.1, an operation without id, handler or declared security,
 * and a handler without operation.
 */
export async function loadContract(yaml: string, handlerIds: readonly string[]): Promise<Contract> {
  const document = await readDocument(yaml);
  for (const [path, item] of Object.entries(document.paths)) {
    const unrouted = UNROUTED_METHODS.find((method) => item[method] !== undefined);
    if (unrouted)
      throw new ContractError(`The operation ${unrouted} ${path} can have no handler: the server answers ${unrouted} by itself.`);
  }
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method] !== undefined).map((method) => readOperation(document, path, method, item[method])),
  );

  const ids = operations.map(({ id }) => id);
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated) throw new ContractError(`The contract has two operations ${repeated}.`);
  const unhandled = operations.find(({ id }) => !handlerIds.includes(id));
  if (unhandled) {
    throw new ContractError(`The operation ${unhandled.id} (${unhandled.method} ${unhandled.path}) has no handler.`);
  }
  const unknown = handlerIds.find((id) => !ids.includes(id));
  if (unknown) throw new ContractError(`The handler ${unknown} has no operation in the contract.`);

  return {
    yaml: new ConstantText(yaml),
    json: new ConstantText(JSON.stringify(document)),
    document,
    version: document.info.version,
    operations,
  };
}

async function readDocument(yaml: string): Promise<z.infer<typeof documentShape>> {
  let document: unknown;
  try {
    document = parse(yaml);
  } catch (error) {
    throw new ContractError("The contract is not valid YAML.", { cause: error });
  }
  const { valid, errors } = await new Validator().validate(z.looseObject({}).catch({}).parse(structuredClone(document)));
  const { data, error } = documentShape.safeParse(document);
  if (!valid || !data)
    throw new ContractError(`The contract is not valid OpenAPI 3.1: ${valid ? describe(error) : JSON.stringify(errors)}`);
  return data;
}

function describe(error: z.ZodError | undefined): string {
  return error?.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ") ?? "";
}

function readOperation(document: unknown, path: string, method: Method, value: unknown): ContractOperation {
  const parsed = operationShape.safeParse(value);
  if (!parsed.success) {
    throw new ContractError(`The operation ${method} ${path} is incomplete: ${describe(parsed.error)}`);
  }
  const { operationId, security, "x-lowest-role": role = null, requestBody, responses, parameters } = parsed.data;
  if ((role === null) !== (security.length === 0)) {
    throw new ContractError(`The operation ${method} ${path} is incomplete: security and x-lowest-role go together.`);
  }
  const inQuery = parameters
    .map((parameter) => parameterShape.parse(resolve(document, parameter)))
    .filter((parameter) => parameter.in === "query");
  return {
    id: operationId,
    method,
    path,
    role,
    mayBeOpen: security.length === 2,
    queryParameters: inQuery.map(({ name }) => name),
    integerParameters: inQuery.filter(({ schema }) => schema?.type === "integer").map(({ name }) => name),
    listParameters: inQuery.filter(({ schema }) => schema?.type === "array").map(({ name }) => name),
    bracketParameters: inQuery.filter(({ style }) => style === "deepObject").map(({ name }) => name),
    consumes: Object.keys(requestBody?.content ?? {}),
    maxBytes: requestBody?.["x-max-bytes"] ?? null,
    produces: Object.entries(responses)
      .filter(([status]) => status.startsWith("2"))
      .flatMap(([, response]) => Object.keys(response.content ?? {})),
  };
}

/** What a `$ref` within the document stands for; anything else stands for itself. */
function resolve(document: unknown, value: unknown): unknown {
  const { data } = z.looseObject({ $ref: z.string().startsWith("#/") }).safeParse(value);
  if (!data) return value;
  return valueAt(document, data.$ref.split("/").slice(1));
}

/** What lies at a place in the document; undefined where nothing does. */
export function valueAt(document: unknown, places: readonly string[]): unknown {
  return places.reduce<unknown>(
    (value, place) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, place) ? Reflect.get(value, place) : undefined,
    document,
  );
}
