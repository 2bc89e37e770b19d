import { describe, expect, test } from "vitest";
import { anonymous } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();

describe("200", () => {
  test.each([
    ["docs.css", "text/css"],
    ["docs.js", "text/javascript"],
    ["icon.svg", "image/svg+xml"],
  ])("gives %s as %s, to be asked for each time", async (asset, type) => {
    const { headers } = await anonymous(server).get(`/docs/${asset}`).expect(200);
    expect(headers["content-type"]).toBe(`${type}; charset=utf-8`);
    expect(headers["cache-control"]).toBe("no-cache");
  });

  test("may be kept for ever under the address that the page writes, and under no other", async () => {
    const { text } = await anonymous(server).get("/docs").expect(200);
    const addresses = [...text.matchAll(/(?:href|src)="\.(\/docs\/[^"]+)"/g)].map(([, address = ""]) => address);
    expect(addresses).toHaveLength(5);
    for (const address of addresses) {
      await anonymous(server)
        .get(address)
        .expect(200)
        .expect("Cache-Control", /immutable/);
      await anonymous(server).get(address.replace(/v=.*/, "v=other")).expect(200).expect("Cache-Control", "no-cache");
    }
  });
});

describe("400", () => {
  test.each(["w=1", "v=", "v=1&v=2"])("refuses %s", async (query) => {
    const { body } = await anonymous(server).get(`/docs/docs.css?${query}`).expect(400);
    expect(body).toMatchObject({ errors: [{ parameter: query.slice(0, 1) }] });
  });
});

describe("404", () => {
  test.each(["index.html", "constructor", "..%2Fapp.ts", "swagger-ui-bundle.js.map"])("knows no %s", async (asset) => {
    const { body } = await anonymous(server).get(`/docs/${asset}`).expect(404);
    expect(body.code).toBe("path_not_found");
  });
});
