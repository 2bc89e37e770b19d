import { parse } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import { createChannel, appendRows } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { KEYS } from "../../support/server.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();

/** Names of the members of the first object under this name, in the order of the text: JSON.parse would move those that are numbers. */
function namesIn(text: string, member: string): string[] {
  const [, object = ""] = new RegExp(`"${member}" ?: ?\\[?\\{(.*?)\\}`).exec(text) ?? [];
  return [...object.matchAll(/"([^"]*)":(?=[["\dn])/g)].map(([, name = ""]) => name);
}

const ROW = { time: "2024-03-01T00:00:00Z", b: 1, "2": 1, a: 1, "10": 1 };

async function seenOrders(id: string): Promise<Record<string, string[]>> {
  const text = async (path: string) => {
    const headers = { Authorization: `Bearer ${KEYS.reader}` };
    return (await fetch(`${server.url}/api/v1/channels/${id}${path}`, { headers })).text();
  };
  const csv: string[][] = parse(await text("/rows/export?format=csv"));
  return {
    schema: namesIn(await text(""), "channel_schema"),
    rows: namesIn(await text("/rows"), "rows"),
    columns: namesIn(await text("/columns"), "columns"),
    none: namesIn(await text("/columns?to=2000-01-01T00:00:00Z"), "columns"),
    ndjson: namesIn(`"line":${await text("/rows/export")}`, "line"),
    csv: csv[0] ?? [],
  };
}

describe("columns come in one order, in every form", () => {
  test("that of their declaration, but for names that are whole numbers, which come first", async () => {
    const { body } = await as("admin", server)
      .post("/setup/v1/channels")
      .type("json")
      .send('{"channel_schema":{"b":"float","10":"float","a":"float","2":"float"}}')
      .expect(201);
    await appendRows(server, body.channel_id, [ROW]);
    const order = ["time", "2", "10", "b", "a"];
    expect(await seenOrders(body.channel_id)).toEqual({
      schema: order,
      rows: order,
      columns: order,
      none: order,
      ndjson: order,
      csv: order,
    });
  });

  test("with columns that were added later at the end", async () => {
    const id = await createChannel(server, { channel_schema: { b: "float", a: "float" } });
    await appendRows(server, id, [{ b: 1, a: 1 }]);
    await as("admin", server)
      .patch(`/setup/v1/channels/${id}`)
      .send({ channel_schema: { "10": "optional[float]", "2": "optional[float]" } })
      .expect(200);
    await appendRows(server, id, [ROW]);
    const orders = Object.values(await seenOrders(id));
    for (const order of orders) expect(order).toEqual(["time", "b", "a", "2", "10"]);
  });
});
