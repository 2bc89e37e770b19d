import { describe, expect, test } from "vitest";
import { as } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();

describe.each(["/setup/v1/channels/columns/types", "/setup/v1/schemas/column_types"])("%s", (path) => {
  test("answers 200 with names, each of which a channel takes, plain and optional", async () => {
    const { body: types } = await as("admin", server).get(path).expect(200);
    expect(types).toEqual(["str", "int", "int64", "float", "bool", "uuid", "datetime", "dict", "list"]);
    const columns = types.flatMap((type: string) => [
      [type, type],
      [`optional ${type}`, `optional[${type}]`],
    ]);
    const channel_schema = Object.fromEntries(columns);
    const { body } = await as("admin", server).post("/setup/v1/channels").send({ channel_schema }).expect(201);
    expect(body.channel_schema).toEqual({ time: "datetime", ...channel_schema });
  });

  test("answers 400 to a query", async () => {
    const { body } = await as("admin", server).get(`${path}?limit=1`).expect(400);
    expect(body).toMatchObject({ errors: [{ parameter: "limit" }] });
  });
});
