import { request } from "node:http";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { anonymous, as } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";
import { OPERATIONS, PATHS } from "../contract/document.ts";

const server = useTestServer();

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe("a problem", () => {
  test("has the shape of RFC 9457, and the request id of the header", async () => {
    const { body, headers, status } = await as("reader", server).get("/api/v1/channels/x?limit=1");
    expect(status).toBe(400);
    expect(headers["content-type"]).toBe("application/problem+json; charset=utf-8");
    expect(body).toEqual({
      type: "/problems/request_invalid",
      title: "The request breaks the contract",
      status: 400,
      detail: expect.stringContaining("limit"),
      // The path alone: a query may hold data.
      instance: "/api/v1/channels/x",
      code: "request_invalid",
      request_id: headers["x-request-id"],
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      errors: [{ parameter: "limit", code: expect.any(String), detail: expect.any(String) }],
    });
  });

  test("of the same code has the same title", async () => {
    const titles = ["/a", "/b/c", "/api/v1"].map(async (path) => (await anonymous(server).get(path).expect(404)).body.title);
    expect(new Set(await Promise.all(titles)).size).toBe(1);
  });

  test("has no body for HEAD", async () => {
    const { text, headers } = await anonymous(server).head("/nowhere").expect(404);
    expect(text).toBeUndefined();
    expect(headers["content-type"]).toBe("application/problem+json; charset=utf-8");
  });
});

describe("404", () => {
  const paths = [
    "/",
    "/favicon.ico",
    "/health",
    "/api",
    "/api/v1",
    "/api/v1/channel",
    "/api/v2/channels",
    "/data/v1/x",
    "/setup/v1/x/y/z",
    "/auth/v1/key",
    "/__proto__",
    "/constructor",
  ];

  test.each(paths)("knows no path %s, whoever asks", async (path) => {
    for (const caller of [anonymous(server), as("reader", server), as("admin", server)]) {
      const { body, headers } = await caller.get(path).expect(404);
      expect(body).toMatchObject({ code: "path_not_found", instance: path, errors: [] });
      expect(headers).not.toHaveProperty("www-authenticate");
    }
    const { body } = await as("admin", server).post(path).send({}).expect(404);
    expect(body).toMatchObject({ code: "path_not_found" });
  });

  test("does not repeat the path as markup", async () => {
    const { headers } = await anonymous(server).get("/%3Cscript%3E").expect(404);
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers).not.toHaveProperty("x-powered-by");
  });
});

describe("400", () => {
  test.each(["/%", "/%zz", "/api/v1/channels/%ff", "/api/v1/channels/%", "/api/v1/channels/%c0%af/rows"])(
    "refuses the broken path %s",
    async (path) => {
      const { body, status } = await as("reader", server).get(path);
      expect([400, 404]).toContain(status);
      expect(body.code).toBeOneOf(["request_invalid", "path_not_found"]);
    },
  );
});

describe("405", () => {
  const ALL = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "QUERY"];

  function send(method: string, path: string): Promise<{ status: number | undefined; allow: string | undefined }> {
    const { promise, resolve, reject } = Promise.withResolvers<{ status: number | undefined; allow: string | undefined }>();
    const sent = request(server.url + path, { method, agent: false }, (response) => {
      response.resume();
      resolve({ status: response.statusCode, allow: response.headers.allow });
    });
    sent.on("error", reject);
    sent.end();
    return promise;
  }

  test.each(PATHS.map(({ path, methods }) => [path, methods] as const))(
    "on %s allows %j and nothing else",
    async (path, methods) => {
      for (const method of ALL.filter((each) => !methods.includes(each))) {
        const { status, allow } = await send(method, path);
        expect([method, status]).toEqual([method, 405]);
        expect(allow?.split(", ").toSorted()).toEqual(methods.toSorted());
      }
      for (const method of methods) expect([method, (await send(method, path)).status]).not.toEqual([method, 405]);
    },
  );
});

describe("OPTIONS", () => {
  test.each(PATHS.map(({ path, methods }) => [path, methods] as const))(
    "on %s says which methods there are, to anybody",
    async (path, methods) => {
      const { headers } = await anonymous(server).options(path).expect(204);
      expect(headers["allow"]?.split(", ").toSorted()).toEqual([...methods, "OPTIONS"].toSorted());
    },
  );

  test("on an unknown path is a 404", async () => {
    const { body } = await anonymous(server).options("/nowhere").expect(404);
    expect(body).toMatchObject({ code: "path_not_found" });
  });
});

describe("406", () => {
  const cases = OPERATIONS.map(({ id, method, examplePath, responses }) => {
    const types = responses.filter(({ status }) => status.startsWith("2")).map(({ type }) => type);
    return [id, { method, examplePath, types }] as const;
  });

  function call({ method, examplePath }: (typeof cases)[number][1], accept: string) {
    const caller = as("admin", server)[method](examplePath).set("Accept", accept);
    return method === "get" ? caller : caller.send({});
  }

  test.each(cases)("of %s says which media types there are", async (_id, operation) => {
    const none = operation.types.map((type) => `${type};q=0`).join(", ");
    for (const accept of ["image/png", "audio/ogg, image/png", none]) {
      const { body, headers } = await call(operation, accept).expect(406);
      expect(body.code).toBe("not_acceptable");
      for (const type of operation.types) expect(body.detail).toContain(type);
      expect(headers["content-type"]).toBe("application/problem+json; charset=utf-8");
    }
  });

  test.each(cases)("is not the answer of %s to a caller who takes one of them", async (_id, operation) => {
    for (const type of operation.types) {
      for (const accept of ["*/*", type, type.replace(/\/.*/, "/*"), `text/html, ${type};q=0.1`]) {
        const { status } = await call(operation, accept);
        expect(status).not.toBe(406);
        expect(status).toBeLessThan(500);
      }
    }
  });
});

describe("413, 415", () => {
  const cases = OPERATIONS.filter(({ requests }) => requests.length > 0).map((operation) => [operation.id, operation] as const);

  test("are asked of many operations", () => expect(cases.length).toBeGreaterThan(5));

  test.each(cases)("of %s refuse a body that is too large, and one of another type", async (_id, operation) => {
    const send = (type: string, body: string) =>
      as("admin", server)[operation.method](operation.examplePath).type(type).send(body);
    const { body: large } = await send(
      "application/json",
      `{"name":"${"x".repeat(server.context.config.bodyLimitBytes)}"}`,
    ).expect(413);
    expect(large).toMatchObject({ code: "body_too_large" });
    const { body, headers } = await send("text/nonsense", "{}").expect(415);
    expect(body).toMatchObject({ code: "media_type_unsupported" });
    for (const { type } of operation.requests) expect(headers["accept"]).toContain(type);
  });
});

describe("X-Request-Id", () => {
  test.each(["abc", "0b7a1d8e-6c1f-4a77-9f0e-0d8f3c1b2a45", "a.b_c-D", "x".repeat(128)])("%s comes back", async (id) => {
    const good = await anonymous(server).get("/health/live").set("X-Request-Id", id).expect(200);
    expect(good.headers["x-request-id"]).toBe(id);
    const bad = await anonymous(server).get("/nowhere").set("X-Request-Id", id).expect(404);
    expect(bad.headers["x-request-id"]).toBe(id);
    expect(bad.body.request_id).toBe(id);
  });

  test.each(["x".repeat(129), "a b", 'a"b', "a,b", "<script>", "é"])("%s is replaced by one that is safe to log", async (id) => {
    const { headers, body } = await anonymous(server).get("/nowhere").set("X-Request-Id", id).expect(404);
    expect(headers["x-request-id"]).toMatch(UUID);
    expect(body.request_id).toBe(headers["x-request-id"]);
  });

  test("is made when there is none, another one each time", async () => {
    const { headers: first } = await anonymous(server).get("/health/live").expect(200);
    const { headers: second } = await anonymous(server).get("/health/live").expect(200);
    expect(first["x-request-id"]).toMatch(UUID);
    expect(second["x-request-id"]).not.toBe(first["x-request-id"]);
  });
});

describe("the absolute form of a request target", () => {
  test("is answered like the usual one, as RFC 9112 asks", async () => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const { hostname, port, host } = new URL(server.url);
    const socket = connect(Number(port), hostname, () => {
      socket.write(`GET http://${host}/health/live HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    });
    let text = "";
    socket.on("data", (chunk) => (text += chunk.toString("utf8")));
    socket.on("end", () => resolve(text));
    socket.on("error", reject);
    expect(await promise).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });
});
