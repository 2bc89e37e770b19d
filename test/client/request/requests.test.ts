import { createKronicle, defineChannel } from "@kronicle/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KEYS, startTestServer, type TestServer } from "../../support/server.ts";
import { connect, recordFetch } from "../connect.ts";
import { startHttpServer, startProxy } from "../http-server.ts";

const thermometer = defineChannel({ temperature: "float", at: "optional[datetime]", info: "optional[dict]" });
const ID = "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10";

/** Fails the test when it is called. */
const sendNothing: typeof fetch = () => {
  throw new Error("nothing should have been sent");
};
const offline = createKronicle({ baseUrl: "http://127.0.0.1:9", token: "x", fetch: sendNothing });

/** Callers without types may hand over anything. */
const untyped = (value: unknown) => value as never;

describe("a channel id", () => {
  const BAD_IDS = [
    "",
    " ",
    ".",
    "..",
    "../keys",
    "%2e%2e",
    "thermo-1",
    `${ID}/rows`,
    `${ID}?limit=1`,
    `${ID}\n`,
    ` ${ID}`,
    `{${ID}}`,
  ];

  test.each([...BAD_IDS, undefined, null, 1, {}, [ID]])("that is %j is refused before anything is sent", async (id) => {
    const refusal = new TypeError("channelId has to be a UUID; channelByName() takes names.");
    expect(() => offline.reader.channel(untyped(id), thermometer)).toThrow(refusal);
    expect(() => offline.writer.channel(untyped(id), thermometer)).toThrow(refusal);
    await expect(offline.reader.getChannel(untyped(id))).rejects.toThrow(refusal);
  });
});

describe("a base URL", () => {
  test.each(["", "127.0.0.1:8000", "/api", "ftp://127.0.0.1", "http://", "file:///etc/passwd", "javascript:alert(1)"])(
    "that is %j is refused",
    (baseUrl) => {
      expect(() => createKronicle({ baseUrl, token: "x" })).toThrow(/^baseUrl has to be an http\(s\) URL/);
    },
  );

  test.each([
    ["a password", "http://user:geheim@127.0.0.1:8000"],
    ["a query", "http://127.0.0.1:8000/?key=geheim"],
    ["a fragment", "http://127.0.0.1:8000/#geheim"],
  ])("with %s is refused, and not repeated", (_what, baseUrl) => {
    expect(() => createKronicle({ baseUrl, token: "x" })).toThrow(/^baseUrl has to be an http\(s\) URL without (?!.*geheim)/);
  });
});

describe("a value that JSON would change", () => {
  const append = (row: object) => offline.writer.channel(ID, thermometer).append([{ temperature: 1 }, untyped(row)]);
  const cyclic: Record<string, unknown> = {};
  cyclic["self"] = cyclic;

  test.each<[row: object, message: string]>([
    [{ temperature: NaN }, 'rows[1]["temperature"]: NaN is not a finite number.'],
    [{ temperature: -Infinity }, 'rows[1]["temperature"]: -Infinity is not a finite number.'],
    [{ temperature: 1n }, 'rows[1]["temperature"]: a bigint, which only int64 columns take.'],
    [{ temperature: () => 1 }, 'rows[1]["temperature"]: a function, which JSON cannot hold.'],
    [{ temperature: new Date(0) }, 'rows[1]["temperature"]: a Date, which only time and datetime columns take.'],
    [{ time: new Date(NaN), temperature: 1 }, 'rows[1]["time"]: an invalid Date.'],
    [{ temperature: 1, at: new Date("yesterday") }, 'rows[1]["at"]: an invalid Date.'],
    [
      { temperature: 1, info: { gain: [1, { x: Infinity }] } },
      'rows[1]["info"]["gain"][1]["x"]: Infinity is not a finite number.',
    ],
    [{ temperature: 1, info: { gain: [undefined] } }, 'rows[1]["info"]["gain"][0]: undefined, which JSON would turn into null.'],
    [{ temperature: 1, info: new Map([["a", 1]]) }, 'rows[1]["info"]: an object that is not plain, which JSON cannot hold.'],
    [{ temperature: 1, info: { at: new Date(0) } }, 'rows[1]["info"]["at"]: a Date, which only time and datetime columns take.'],
  ])("is refused with its place before anything is sent: %o", async (row, message) => {
    await expect(append(row)).rejects.toThrow(new TypeError(message));
    await expect(
      offline.writer.upsertChannel({ name: "x", schema: thermometer, rows: [{ temperature: 1 }, untyped(row)] }),
    ).rejects.toThrow(new TypeError(message));
  });

  test("is refused when it holds itself", async () => {
    await expect(append({ temperature: 1, info: cyclic })).rejects.toThrow(/nested too deeply, or within itself\.$/);
  });

  test("is refused in metadata and tags too", async () => {
    const { setup, writer } = offline;
    const metadata = { gain: [NaN] };
    const refusal = new TypeError('metadata["gain"][0]: NaN is not a finite number.');
    await expect(setup.createChannel({ schema: thermometer, metadata })).rejects.toThrow(refusal);
    await expect(writer.upsertChannel({ name: "x", schema: thermometer, metadata })).rejects.toThrow(refusal);
    const tags = { floor: Infinity };
    await expect(setup.createChannel({ schema: thermometer, tags })).rejects.toThrow('tags["floor"]: Infinity is not');
  });
});

describe("a query", () => {
  test.each<[query: object, message: RegExp]>([
    [{ from: new Date(NaN) }, /^from: an invalid Date\.$/],
    [{ limit: NaN }, /^limit: ./],
    [{ from: null }, /^from: expected ./],
    [{ to: { seconds: 1 } }, /^to: expected ./],
    [{ cursor: [] }, /^cursor: expected ./],
  ])("with a value of a wrong type is refused before anything is sent: %o", async (query, message) => {
    const channel = offline.reader.channel(ID, thermometer);
    const calls = [
      channel.rows(untyped(query)).page(),
      channel.columns(untyped(query)),
      offline.reader.listChannels(untyped(query)).page(),
    ];
    for (const outcome of await Promise.allSettled(calls)) {
      expect(outcome).toMatchObject({ reason: { name: "TypeError", message: expect.stringMatching(message) } });
    }
  });

  test.each<[query: object, message: RegExp]>([
    [{ columns: ["temperature", 1] }, /^columns: expected ./],
    [{ columns: [] }, /^columns: expected ./],
    [{ sort: true }, /^sort: expected ./],
  ])("of rows with names that are none is refused before anything is sent: %o", async (query, message) => {
    await expect(offline.reader.channel(ID, thermometer).rows(untyped(query)).page()).rejects.toThrow(message);
    await expect(offline.reader.channel(ID, thermometer).columns(untyped(query))).rejects.toThrow(TypeError);
  });

  test("arrives as it was given, whatever its values hold", async () => {
    const arrived: URLSearchParams[] = [];
    await using listener = await startHttpServer((request, response) => {
      arrived.push(new URL(request.url ?? "", "http://localhost").searchParams);
      response.writeHead(404).end();
    });
    const channel = connect("reader", listener).reader.channel(ID, defineChannel({ "темп °C": "float", "a/b (%)": "str" }));
    const query = {
      from: "2024-03-01T00:00:00.000001+02:00",
      to: new Date("2024-03-02T00:00:00.5Z"),
      columns: ["темп °C", "a/b (%)"],
      sort: "time",
      limit: 10,
      cursor: "a+b/c=&d#e %20;ü",
    } as const;
    await channel
      .rows(query)
      .page()
      .catch(() => null);
    await channel.columns(query).catch(() => null);
    await channel
      .rows({ from: undefined, columns: undefined })
      .page()
      .catch(() => null);

    const expected = { ...query, to: "2024-03-02T00:00:00.500Z", columns: "темп °C,a/b (%)", limit: "10" };
    expect(arrived.map((parameters) => Object.fromEntries(parameters))).toEqual([expected, expected, {}]);
  });

  test("with a parameter that the service does not know is refused by it, and not left out", async () => {
    await using server = await startTestServer();
    const { channel_id } = await connect("admin", server).setup.createChannel({ schema: thermometer });
    const misspelt = { form: "2024-03-01T00:00:00Z" };
    await expect(
      connect("reader", server).reader.channel(channel_id, thermometer).rows(untyped(misspelt)).page(),
    ).rejects.toMatchObject({ code: "request_invalid", errors: [{ parameter: "form" }] });
    await expect(connect("reader", server).reader.listChannels(untyped(misspelt)).page()).rejects.toMatchObject({
      code: "request_invalid",
      errors: [{ parameter: "form" }],
    });
  });
});

describe("a service that is mounted under a path", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test.each(["/kronicle", "/kronicle/", "/a/kronicle//"])("is reached at %s, on all pages", async (mount) => {
    const prefix = mount.replace(/\/+$/, "");
    const paths: string[] = [];
    await using proxy = await startProxy(server, {
      path: (path) => {
        paths.push(path);
        return path.slice(prefix.length);
      },
    });
    const kronicle = createKronicle({ baseUrl: proxy.url + mount, token: KEYS.admin });
    for (let index = 0; index < 3; index++) await kronicle.setup.createChannel({ schema: thermometer });
    let count = 0;
    for await (const { channel_id } of kronicle.reader.listChannels({ limit: 1 })) {
      await kronicle.reader.channel(channel_id, thermometer).rows().page();
      count++;
    }
    expect(count).toBeGreaterThanOrEqual(3);
    for (const path of paths) expect(path).toMatch(new RegExp(`^${prefix}/(api|setup)/v1/channels`));
  });
});

describe("a fetch of one's own", () => {
  test("is called with a Request that has everything", async () => {
    await using server = await startTestServer();
    const requests: Request[] = [];
    const { reader } = connect("reader", server, (input, init) => {
      requests.push(new Request(input, init));
      return fetch(input, init);
    });
    await reader.listChannels({ limit: 5 }).page();
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([`GET ${server.url}/api/v1/channels?limit=5`]);
    expect(requests[0]?.headers.get("Authorization")).toBe(`Bearer ${KEYS.reader}`);
  });

  test("is not needed before the first call", () => {
    const { send, urls } = recordFetch();
    const kronicle = connect("admin", { url: "http://127.0.0.1:9" }, send);
    kronicle.reader.channel(ID, thermometer).rows();
    kronicle.reader.listChannels();
    kronicle.writer.channel(ID, thermometer);
    expect(urls).toEqual([]);
  });
});
