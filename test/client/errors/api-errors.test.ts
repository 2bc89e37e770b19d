import {
  ApiError,
  AuthenticationError,
  ConflictError,
  createKronicle,
  defineChannel,
  InvalidRequestError,
  isApiError,
  KronicleError,
  NetworkError,
  NotFoundError,
  PermissionError,
} from "@kronicle/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../support/server.ts";
import { connect, recordFetch } from "../connect.ts";

const counter = defineChannel({ count: "int", note: "optional[str]" });
const NOBODY = "00000000-0000-4000-8000-000000000000";

let server: TestServer;
let id: string;
beforeAll(async () => {
  server = await startTestServer();
  ({ channel_id: id } = await connect("admin", server).setup.createChannel({ name: "counter", schema: counter }));
});
afterAll(() => server[Symbol.asyncDispose]());

/** What the call threw; a call that throws nothing fails the test. */
async function thrownBy(call: () => PromiseLike<unknown>): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error("the call should have thrown");
}

const reader = () => connect("reader", server).reader;
const writer = () => connect("writer", server).writer;
const setup = () => connect("admin", server).setup;
const stranger = () => createKronicle({ baseUrl: server.url, token: "krn_reader_nobody" });

const CASES: [code: string, status: number, call: () => PromiseLike<unknown>][] = [
  ["request_invalid", 400, () => writer().channel(id, counter).append([])],
  ["request_invalid", 400, () => reader().listChannels({ limit: 0 }).page()],
  [
    "row_invalid",
    400,
    () =>
      writer()
        .channel(id, counter)
        .append([{ count: 0.5 }]),
  ],
  ["query_invalid", 400, () => reader().channel(id, counter).rows({ cursor: "x" }).page()],
  ["schema_invalid", 400, () => setup().createChannel({ schema: defineChannel({ received_at: "datetime" }) })],
  [
    "too_many_chunks",
    400,
    () =>
      writer()
        .channel(id, counter)
        .append(Array.from({ length: 65 }, (_, year) => ({ time: `${1900 + year}-01-01T00:00:00Z`, count: 1 }))),
  ],
  ["credential_invalid", 401, () => stranger().reader.getChannel(id)],
  [
    "credential_invalid",
    401,
    () =>
      stranger()
        .writer.channel(id, counter)
        .append([{ count: 1 }]),
  ],
  ["credential_invalid", 401, () => stranger().setup.createKey({ lane: "admin" })],
  [
    "role_too_low",
    403,
    () =>
      connect("reader", server)
        .writer.channel(id, counter)
        .append([{ count: 1 }]),
  ],
  ["role_too_low", 403, () => connect("writer", server).setup.createChannel({ schema: counter })],
  ["role_too_low", 403, () => connect("writer", server).setup.createKey({ lane: "admin" })],
  ["channel_not_found", 404, () => reader().getChannel(NOBODY)],
  ["channel_not_found", 404, () => reader().channel(NOBODY, counter).get()],
  ["channel_not_found", 404, () => reader().channel(NOBODY, counter).rows().page()],
  ["channel_not_found", 404, () => reader().channel(NOBODY, counter).columns()],
  [
    "channel_not_found",
    404,
    () =>
      writer()
        .channel(NOBODY, counter)
        .append([{ count: 1 }]),
  ],
  ["channel_exists", 409, () => setup().createChannel({ name: "counter", schema: counter })],
  ["schema_conflict", 409, () => writer().upsertChannel({ name: "counter", schema: defineChannel({ count: "float" }) })],
  ["channel_ambiguous", 409, () => writer().upsertChannel({ name: "counter", channelId: NOBODY, schema: counter })],
];

const FAMILIES: Readonly<Record<number, typeof ApiError>> = {
  400: InvalidRequestError,
  401: AuthenticationError,
  403: PermissionError,
  404: NotFoundError,
  409: ConflictError,
};

describe("an answer that says no", () => {
  test.each(CASES)(
    "is an ApiError with the code %s and the status %i, of the family of that status",
    async (code, status, call) => {
      const error = await thrownBy(call);
      const family = FAMILIES[status];
      expect(error).toBeInstanceOf(family);
      expect(error).toBeInstanceOf(ApiError);
      expect(error).toBeInstanceOf(KronicleError);
      expect(error).toMatchObject({ name: family?.name, code, status, title: expect.stringMatching(/./), retryAfterMs: null });
      expect(isApiError(error, code)).toBe(true);
    },
  );

  test("tells the place of each fault", async () => {
    const rows = [{ count: 1 }, { count: 2.5 }, { count: Number.MAX_SAFE_INTEGER + 1 }];
    const error = await thrownBy(() => writer().channel(id, counter).append(rows));
    expect(error).toMatchObject({
      message: expect.stringMatching(/^\/rows\/1\/count: expected an integer .+; and 1 more\. Nothing was stored\.$/),
      errors: [
        { pointer: "/rows/1/count", code: "not_an_integer", detail: expect.stringContaining("integer") },
        { pointer: "/rows/2/count", code: "not_an_integer" },
      ],
    });
  });

  test("refuses columns that the definition and the channel do not have, rather than dropping them", async () => {
    const wider = [{ count: 1, extra: 2 }];
    const error = await thrownBy(() => writer().channel(id, counter).append(wider));
    expect(error).toMatchObject({ code: "row_invalid", errors: [{ pointer: "/rows/0/extra" }] });
  });

  test("brings the request id of its headers, by which the log of the server finds it", async () => {
    const { send, responses } = recordFetch();
    const error = await thrownBy(() => connect("reader", server, send).reader.getChannel(NOBODY));
    expect(error).toMatchObject({ requestId: responses[0]?.headers.get("X-Request-Id") });
  });

  test("comes through even where the body is larger than the server reads", async () => {
    const note = "x".repeat(5 * 1024 * 1024);
    const tooLarge = await thrownBy(() =>
      writer()
        .channel(id, counter)
        .append([{ count: 1, note }]),
    );
    expect(tooLarge).toMatchObject({ name: "InvalidRequestError", code: "body_too_large", status: 413 });
    const unknown = await thrownBy(() =>
      stranger()
        .writer.channel(id, counter)
        .append([{ count: 1, note }]),
    );
    expect(unknown).toMatchObject({ name: "AuthenticationError", code: "credential_invalid", status: 401 });
  });

  test("stops a for await that has begun", async () => {
    const { channel_id } = await setup().createChannel({ schema: counter });
    await writer()
      .channel(channel_id, counter)
      .append([{ count: 1 }, { count: 2 }]);
    let isRevoked = false;
    const { reader: interrupted } = connect("reader", server, (input, init) => {
      const request = new Request(input, init);
      if (isRevoked) request.headers.set("Authorization", "Bearer revoked");
      return fetch(request);
    });
    const seen: number[] = [];
    const error = await thrownBy(async () => {
      for await (const { count } of interrupted.channel(channel_id, counter).rows({ limit: 1 })) {
        seen.push(count);
        isRevoked = true;
      }
    });
    expect(seen).toHaveLength(1);
    expect(isApiError(error, "credential_invalid")).toBe(true);
  });
});

describe("isApiError", () => {
  test("tells ApiErrors from everything else, and their codes apart", async () => {
    const error = await thrownBy(() => reader().getChannel(NOBODY));
    expect(isApiError(error)).toBe(true);
    expect(isApiError(error, "channel_not_found")).toBe(true);
    expect(isApiError(error, "channel_exists")).toBe(false);
    for (const other of [
      new NetworkError("x"),
      new KronicleError("x"),
      new Error("x"),
      { code: "channel_not_found" },
      "x",
      null,
    ]) {
      expect(isApiError(other)).toBe(false);
      expect(isApiError(other, "channel_not_found")).toBe(false);
    }
  });
});
