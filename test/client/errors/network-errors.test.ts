import type { RequestListener } from "node:http";
import { inspect } from "node:util";
import { createKronicle, defineChannel, KronicleError, NetworkError } from "@kronicle/client";
import { describe, expect, test } from "vitest";
import { KEYS } from "../../support/server.ts";
import { connect } from "../connect.ts";
import { startHttpServer } from "../http-server.ts";

const thermometer = defineChannel({ temperature: "float" });
const ID = "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10";
const PROBLEM = {
  type: "/problems/channel_not_found",
  title: "There is no such channel",
  status: 404,
  detail: "No channel has the id.",
  instance: "/",
  code: "channel_not_found",
  request_id: "1",
  errors: [],
};

function answerWith(
  status: number,
  type: string | undefined,
  body: string,
  headers: Record<string, string> = {},
): RequestListener {
  return (request, response) => {
    request.resume();
    response.writeHead(status, { ...(type === undefined ? {} : { "Content-Type": type }), ...headers });
    response.end(body);
  };
}

/** What reading and writing threw at whoever listens there. */
async function errorsOf(url: string): Promise<unknown[]> {
  const { reader, writer } = connect("writer", { url });
  const outcomes = await Promise.allSettled([
    reader.getChannel(ID),
    reader.listChannels().page(),
    reader.channel(ID, thermometer).rows().page(),
    reader.channel(ID, thermometer).columns(),
    writer.channel(ID, thermometer).append([{ temperature: 20.5 }]),
    writer.upsertChannel({ name: "thermo-1", schema: thermometer }),
  ]);
  return outcomes.map((outcome) => (outcome.status === "rejected" ? outcome.reason : "no error"));
}

/** What counts of each error. */
function summaries(errors: readonly unknown[]): object[] {
  return errors.map((error) => ({
    isNetworkError: error instanceof NetworkError && error instanceof KronicleError,
    name: error instanceof Error ? error.name : undefined,
    message: error instanceof Error ? error.message : String(error),
    leaksToken: inspect(error, { depth: Infinity, showHidden: true }).includes(KEYS.writer),
  }));
}

/** One for each call of `errorsOf`. */
function networkErrors(message: RegExp): object[] {
  const summary = { isNetworkError: true, name: "NetworkError", message: expect.stringMatching(message), leaksToken: false };
  return Array.from({ length: 6 }, () => summary);
}

describe("a NetworkError", () => {
  test("comes from a port on which nobody listens, and keeps the cause", async () => {
    const closed = await startHttpServer(() => {});
    await closed[Symbol.asyncDispose]();
    const errors = await errorsOf(closed.url);
    expect(summaries(errors)).toEqual(
      networkErrors(/^(GET|POST) http:\/\/127\.0\.0\.1:\d+\/\S+ got no answer: nothing listens there\.$/),
    );
    for (const error of errors) expect(inspect(error)).toContain("ECONNREFUSED");
  });

  const HTML = "<!doctype html><title>502 Bad Gateway</title>";

  test.each<[what: string, listener: RequestListener, message: RegExp]>([
    ["a page of a proxy that failed", answerWith(502, "text/html; charset=utf-8", HTML), /status 502, text\/html\.$/],
    ["a page that claims success", answerWith(200, "text/html", HTML), /status 200, text\/html\.$/],
    ["a page for signing in", answerWith(401, "text/html", HTML), /status 401, text\/html\.$/],
    [
      "an error of another service",
      answerWith(404, "application/json", '{"error":"not found"}'),
      /status 404, application\/json\.$/,
    ],
    [
      "a problem of another service",
      answerWith(404, "application/problem+json", '{"title":"x"}'),
      /status 404, application\/problem/,
    ],
    [
      "a problem with a success",
      answerWith(200, "application/problem+json", JSON.stringify(PROBLEM)),
      /status 200, application\/problem/,
    ],
    ["a problem that is cut off", answerWith(404, "application/problem+json", '{"code":'), /status 404, application\/problem/],
    ["no media type", answerWith(200, undefined, "{}"), /status 200, no media type\.$/],
    ["nothing at all", answerWith(204, undefined, ""), /status 204, no media type\.$/],
    [
      "an empty body",
      answerWith(200, "application/json", "", { "Content-Length": "0" }),
      /got JSON that is none of Kronicle's\.$/,
    ],
    ["a body that is not JSON", answerWith(200, "application/json", "{"), /got JSON that is none of Kronicle's\.$/],
    ["JSON that is null", answerWith(200, "application/json", "null"), /got JSON that is none of Kronicle's\.$/],
    ["JSON of another service", answerWith(200, "application/json", '{"ok":true}'), /got JSON that is none of Kronicle's\.$/],
    ["JSON that is text", answerWith(200, "application/json", '"ok"'), /got JSON that is none of Kronicle's\.$/],
    [
      "a redirect",
      answerWith(302, undefined, "", { Location: "https://example.org/" }),
      /302 redirect; give the baseUrl that it leads to\.$/,
    ],
    ["a redirect that keeps the method", answerWith(308, undefined, "", { Location: "/v2" }), /308 redirect/],
  ])("comes from %s", async (_what, listener, message) => {
    await using stranger = await startHttpServer(listener);
    expect(summaries(await errorsOf(stranger.url))).toEqual(networkErrors(message));
  });

  test("comes from a connection that is cut before the answer", async () => {
    await using cutting = await startHttpServer((request) => request.socket.destroy());
    expect(summaries(await errorsOf(cutting.url))).toEqual(networkErrors(/got no answer, or not all of it\.$/));
  });

  test("comes from a connection that is cut within the answer", async () => {
    await using cutting = await startHttpServer((_request, response) => {
      response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "1000" });
      response.write('{"channel_id":"', () => response.destroy());
    });
    expect(summaries(await errorsOf(cutting.url))).toEqual(networkErrors(/got no answer, or not all of it\.$/));
  });
});

describe("a request that the fetch of the caller gives up", () => {
  test("fails with the reason of the caller, which is no fault of the network", async () => {
    const reason = new Error("given up");
    const controller = new AbortController();
    await using silent = await startHttpServer(() => controller.abort(reason));
    const { reader } = connect("writer", silent, (input, init) => fetch(input, { ...init, signal: controller.signal }));
    await expect(reader.getChannel(ID)).rejects.toBe(reason);
  });
});

describe("a redirect", () => {
  test("is not followed, for the token is meant for one address only", async () => {
    const seen: string[] = [];
    await using elsewhere = await startHttpServer((request, response) => {
      seen.push(String(request.headers.authorization));
      answerWith(200, "application/json", "[]")(request, response);
    });
    await using redirecting = await startHttpServer(answerWith(307, undefined, "", { Location: elsewhere.url }));
    await errorsOf(redirecting.url);
    expect(seen).toEqual([]);
  });
});

describe("the token", () => {
  test("is in no message of an ApiError either", async () => {
    await using refusing = await startHttpServer(answerWith(404, "application/problem+json", JSON.stringify(PROBLEM)));
    for (const error of await errorsOf(refusing.url)) {
      expect(error).toMatchObject({ name: "NotFoundError", code: "channel_not_found" });
      expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain(KEYS.writer);
    }
  });

  test("is not shown by a client that is printed", () => {
    const kronicle = connect("writer", { url: "http://127.0.0.1:8000" });
    expect(inspect(kronicle, { depth: Infinity, showHidden: true })).not.toContain(KEYS.writer);
    expect(JSON.stringify(kronicle)).not.toContain(KEYS.writer);
  });

  test.each(["", " ", "two words", "line\nbreak", "schlüssel", "tab\t", "nul\0"])(
    "is refused when it is %j, and not repeated",
    (token) => {
      expect(() => createKronicle({ baseUrl: "http://127.0.0.1:8000", token })).toThrow(
        new TypeError("token has to be visible ASCII text."),
      );
    },
  );
});
