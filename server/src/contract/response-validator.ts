/** In charge of catching answers that the contract does not allow, before they are sent. Always on in tests. */
import { isDeepStrictEqual } from "node:util";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { jsonPointer } from "../formats/json-pointer.ts";
import type { Contract } from "./contract.ts";

/** The server broke its own contract. */
class ResponseContractError extends Error {
  override name = "ResponseContractError";
}

export type ResponseValidator = (operationId: string | null, status: number, type: string, body: unknown) => void;

export function createResponseValidator(contract: Contract): ResponseValidator {
  const ajv = new Ajv2020({ strict: false, validateFormats: true });
  addFormats.default(ajv);
  ajv.addSchema(closeEnums(contract.document), "contract");
  const compiled = new Map<string, ValidateFunction>();

  const validatorAt = (places: readonly string[]): ValidateFunction => {
    const pointer = jsonPointer(places);
    const validate = compiled.get(pointer) ?? ajv.compile({ $ref: `contract#${encodeURI(pointer)}` });
    compiled.set(pointer, validate);
    return validate;
  };

  return (operationId, status, type, body) => {
    const name = `${operationId ?? "a request without operation"} answered ${status} ${type}`;
    const schema = schemaPlaces(contract, operationId, status, type);
    if (!schema) throw new ResponseContractError(`${name}, which the contract does not list.`);
    const validate = validatorAt(schema);
    if (!validate(body))
      throw new ResponseContractError(`${name}, and the body breaks the contract: ${ajv.errorsText(validate.errors)}`);
  };
}

/**
 * Clients have to expect further values where the contract lists some and then any text. From this very version there are none: what it
 * sends is on the list.
 */
function closeEnums(document: object): object {
  return JSON.parse(JSON.stringify(document, (key, value: unknown) => (key === "anyOf" ? withoutAnyText(value) : value)));
}

function withoutAnyText(alternatives: unknown): unknown {
  if (!Array.isArray(alternatives)) return alternatives;
  const listed: unknown[] = alternatives.filter((schema) => !isDeepStrictEqual(schema, { type: "string" }));
  return listed.length > 0 ? listed : alternatives;
}

/** Where the contract has the schema of an answer; null if it does not allow such an answer. */
function schemaPlaces(contract: Contract, operationId: string | null, status: number, type: string): string[] | null {
  const problem = ["components", "schemas", "Problem"];
  const operation = contract.operations.find(({ id }) => id === operationId);
  // A wrong path or method belongs to no operation, and gets a problem all the same.
  if (!operation) return type === "application/problem+json" ? problem : null;

  const responses = ["paths", operation.path, operation.method, "responses"];
  for (const key of [String(status), `${String(status)[0]}XX`]) {
    const places = follow(contract.document, [...responses, key]);
    if (places && follow(contract.document, [...places, "content", type])) return [...places, "content", type, "schema"];
  }
  return null;
}

/** Resolves the place in the document, through a `$ref` if one is there. */
function follow(document: unknown, places: string[]): string[] | null {
  let value = document;
  for (const place of places) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, place)) return null;
    value = Reflect.get(value, place);
  }
  const reference: unknown = typeof value === "object" && value !== null ? Reflect.get(value, "$ref") : undefined;
  return typeof reference === "string" ? reference.split("/").slice(1) : places;
}
