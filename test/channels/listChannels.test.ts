import { beforeAll, describe, expect, test } from "vitest";
import { createChannel } from "../support/channels.ts";
import { as } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();
const ids: string[] = [];
beforeAll(async () => {
  for (let index = 0; index < 7; index++) ids.push(await createNamed(`channel ${index}`));
});

function createNamed(name: string): Promise<string> {
  const definition = { name, channel_schema: { temperature: "float" }, metadata: { name }, tags: { floor: 3 } };
  return createChannel(server, definition);
}

function list(path = "/api/v1/channels") {
  return as("reader", server).get(path);
}

const idsOf = (channels: { channel_id: string }[]) => channels.map(({ channel_id }) => channel_id);

/** The address that a Link header leads to. */
function nextOf(headers: Record<string, string>): string | undefined {
  return /^<([^>]+)>; rel="next"$/.exec(headers["link"] ?? "")?.[1];
}

describe("200", () => {
  test("lists all channels in order of creation, each as getChannel shows it", async () => {
    const { body, headers } = await list().expect(200);
    expect(idsOf(body)).toEqual(ids);
    expect(headers).not.toHaveProperty("link");
    for (const channel of body) {
      const { body: single } = await as("reader", server).get(`/api/v1/channels/${channel.channel_id}`).expect(200);
      expect(channel).toEqual(single);
    }
  });

  test("counts the rows of each channel", async () => {
    await as("writer", server)
      .post(`/data/v1/channels/${ids[2]}/rows`)
      .send({
        rows: [
          { time: "2024-03-01T00:00:00Z", temperature: 1 },
          { time: "2024-03-02T00:00:00Z", temperature: 1 },
        ],
      })
      .expect(200);
    const { body } = await list().expect(200);
    expect(body[2]).toMatchObject({ available_rows: 2, first_time: "2024-03-01T00:00:00Z", last_time: "2024-03-02T00:00:00Z" });
    expect(body[3]).toMatchObject({ available_rows: 0, first_time: null, last_time: null });
    expect(body[2]).not.toHaveProperty("rows");
  });

  test.each([
    [1, [1, 1, 1, 1, 1, 1, 1]],
    [3, [3, 3, 1]],
    [7, [7]],
    [1000, [7]],
  ])("pages by %i through all of them by following Link", async (limit, sizes) => {
    const seen: string[][] = [];
    let path: string | undefined = `/api/v1/channels?limit=${limit}`;
    while (path !== undefined) {
      const { body, headers } = await list(path).expect(200);
      seen.push(idsOf(body));
      path = nextOf(headers);
    }
    expect(seen.map(({ length }) => length)).toEqual(sizes);
    expect(seen.flat()).toEqual(ids);
  });

  test("lets the limit change between pages", async () => {
    const { headers } = await list("/api/v1/channels?limit=2").expect(200);
    const { body } = await list(nextOf(headers)?.replace("limit=2", "limit=4")).expect(200);
    expect(idsOf(body)).toEqual(ids.slice(2, 6));
  });

  test("shows a channel that is created between two pages", async () => {
    const { headers } = await list("/api/v1/channels?limit=6").expect(200);
    const created = await createNamed("late");
    ids.push(created);
    const { body } = await list(nextOf(headers)).expect(200);
    expect(idsOf(body)).toEqual(ids.slice(6));
  });
});

describe("400", () => {
  const pack = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

  test.each(["limit=0", "limit=1001", "limit=-1", "limit=abc", "limit=1.5", "limit=", "limit=1&limit=2"])(
    "refuses %s",
    async (query) => {
      const { body } = await list(`/api/v1/channels?${query}`).expect(400);
      expect(body).toMatchObject({ code: "request_invalid", errors: [{ parameter: "limit" }] });
    },
  );

  test.each(["page=1", "sort=name", "__proto__=1", "constructor=1", "Limit=1"])(
    "refuses the unknown parameter %s",
    async (query) => {
      const { body } = await list(`/api/v1/channels?${query}`).expect(400);
      expect(body).toMatchObject({ code: "request_invalid", errors: [{ parameter: query.split("=")[0] }] });
    },
  );

  test.each(["x", "%00", "null", pack(["x", 1]), pack({}), pack([]), pack(null), "a".repeat(1_024)])(
    "refuses the cursor %s",
    async (cursor) => {
      const { body } = await list(`/api/v1/channels?cursor=${cursor}`).expect(400);
      expect(body).toMatchObject({ code: "query_invalid", errors: [{ parameter: "cursor", code: "bad_cursor" }] });
    },
  );

  test("refuses the cursor of a page of rows", async () => {
    const { body: page } = await as("reader", server).get(`/api/v1/channels/${ids[2]}/rows?limit=1`).expect(200);
    expect(page.next_cursor).toEqual(expect.any(String));
    const { body } = await list(`/api/v1/channels?cursor=${page.next_cursor}`).expect(400);
    expect(body).toMatchObject({ errors: [{ parameter: "cursor", code: "bad_cursor" }] });
  });

  test.each([-1, 1.5, 2 ** 31, 2 ** 53, "1", null, [1]])(
    "refuses its own cursor when it is changed to stand at %j",
    async (position) => {
      const { headers } = await list("/api/v1/channels?limit=1").expect(200);
      const own = new URL(nextOf(headers) ?? "", server.url).searchParams.get("cursor");
      const [hash] = JSON.parse(Buffer.from(String(own), "base64url").toString("utf8"));
      const { body } = await list(`/api/v1/channels?cursor=${pack([hash, position])}`).expect(400);
      expect(body).toMatchObject({ errors: [{ parameter: "cursor", code: "bad_cursor" }] });
    },
  );

  test("refuses a cursor that is longer than any of ours", async () => {
    const { body } = await list(`/api/v1/channels?cursor=${"a".repeat(1_025)}`).expect(400);
    expect(body).toMatchObject({ code: "request_invalid", errors: [{ parameter: "cursor" }] });
  });
});
