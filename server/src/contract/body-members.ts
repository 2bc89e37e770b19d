/** In charge of which members the contract knows at a place in a body, for messages about others. */
import { z } from "zod";
import { type Contract, type ContractOperation, valueAt } from "./contract.ts";

const schemaShape = z.looseObject({
  $ref: z.string().startsWith("#/").optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
  items: z.unknown().optional(),
  allOf: z.array(z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
});

type Schema = z.infer<typeof schemaShape>;

/** None where it names none, or takes any. @param places from the body inwards. */
export function bodyMembers(
  { document }: Pick<Contract, "document">,
  { path, method }: Pick<ContractOperation, "path" | "method">,
  contentType: string,
  places: readonly string[],
): string[] {
  const body = ["paths", path, method, "requestBody", "content", contentType, "schema"];
  const found = places.reduce(
    (schemas, place) => schemas.flatMap((schema) => schemasWithin(document, schema, place)),
    partsOf(document, valueAt(document, body)),
  );
  return [...new Set(found.flatMap(({ properties = {} }) => Object.keys(properties)))];
}

function schemasWithin(document: unknown, { properties = {}, additionalProperties, items }: Schema, place: string): Schema[] {
  const inner = Object.hasOwn(properties, place) ? properties[place] : (items ?? additionalProperties);
  return partsOf(document, inner);
}

/** A schema with all that it is put together from. */
function partsOf(document: unknown, value: unknown): Schema[] {
  const { data: schema } = schemaShape.safeParse(value);
  if (!schema) return [];
  const { $ref, allOf = [], anyOf = [], oneOf = [] } = schema;
  const parts = [...($ref === undefined ? [] : [valueAt(document, $ref.split("/").slice(1))]), ...allOf, ...anyOf, ...oneOf];
  return [schema, ...parts.flatMap((part) => partsOf(document, part))];
}
