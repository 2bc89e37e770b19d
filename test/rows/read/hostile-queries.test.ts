/** Queries that nobody means well with. */
import { describe, expect, test } from "vitest";
import { appendBody, createChannel } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { openRawConnection } from "../../support/network/raw-connection.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();

function read(id: string, query: string) {
  return as("reader", server).get(`/api/v1/channels/${id}/rows?${query}`);
}

describe("queries", () => {
  test.each([
    ["limit=0"],
    ["limit=-1"],
    ["limit=1e9"],
    ["limit=abc"],
    ["limit=10001"],
    ["limit=1&limit=1"],
    ["offset=-1"],
    ["offset=1000000000000"],
    ["col[a][b][c]=1"],
    [`col${"[a]".repeat(20)}=1`],
    ["sort=wind"],
    ["sort=number;drop table kronicle.channel"],
    ["min[temprature]=1"],
    ["filter[number]=1"],
    ["col[number]=1 or 1=1"],
    ["cursor=x"],
  ])("refuses %s", async (query) => {
    const id = await createChannel(server, { channel_schema: { number: "int" } });
    const { body } = await read(id, query).expect(400);
    expect(body.errors[0].parameter).not.toBe("");
  });

  test("refuses more than 300 filters", async () => {
    const id = await createChannel(server, { channel_schema: { document: "dict" } });
    const query = Array.from({ length: 301 }, (_, index) => `col[document.${index}]=1`).join("&");
    const { body } = await read(id, query).expect(400);
    expect(body.errors).toMatchObject([{ code: "too_many" }]);
  });

  test("answers a query that is too long for any server with 400", async () => {
    using connection = await openRawConnection(server);
    await connection.send(`GET /api/v1/channels?name=${"a".repeat(100_000)} HTTP/1.1\r\nHost: kronicle\r\n\r\n`);
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1\.1 400 /);
  });

  test("answers the farthest offset with nothing", async () => {
    const id = await createChannel(server, { channel_schema: { number: "int" } });
    expect(await appendBody(server, id, '{"rows":[{"number":1}]}')).toMatchObject({ status: 200 });
    const { body } = await read(id, "offset=2147483647").expect(200);
    expect(body).toMatchObject({ rows: [], has_more: false });
  });
});
