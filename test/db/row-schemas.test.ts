/** In charge of what becomes of a row that its schema does not take. */
import { sql } from "slonik";
import { expect, test } from "vitest";
import { z } from "zod";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();

const read = (schema: z.ZodType<{ json: unknown }>) =>
  server.context.database.pools.reader.read(new AbortController().signal, (connection) =>
    connection.one(sql.type(schema)`select 'Infinity' as json`),
  );

test("is an error when the schema names it", async () => {
  await expect(read(z.object({ json: z.number() }))).rejects.toThrow("Query returned rows that do not conform with the schema");
});

// The runner fails when a rejected promise is left behind, for which a server would end.
test("is the error that the schema throws, and of that one query", async () => {
  const json = z.string().transform((text): unknown => JSON.parse(text));
  await expect(read(z.object({ json }))).rejects.toThrow("is not valid JSON");
  await expect(read(z.object({ json: z.string() }))).resolves.toEqual({ json: "Infinity" });
});
