import { describe, expect, test } from "vitest";
import { isNative } from "../support/database.ts";
import { as } from "../support/http.ts";
import { asOwner, statement } from "../support/owner.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();

describe("200", () => {
  test("tells the versions and the edition that the database itself tells", async () => {
    const { body } = await as("admin", server).get("/setup/v1/capabilities").expect(200);
    const found = await asOwner(server.context, (owner) =>
      owner.one(
        statement(
          "select extversion, current_setting('timescaledb.license') as license, version() from pg_extension where extname = 'timescaledb'",
        ),
      ),
    );
    expect(body.timescaledb).toEqual({ version: found["extversion"], edition: found["license"] });
    expect(found["version"]).toContain(`PostgreSQL ${body.database.postgresql}`);
    expect(body.database.kind).toBe(isNative ? "native" : "embedded");
    expect(body.features).toMatchObject({ gapfill: found["license"] === "timescale", background_jobs: isNative });
    expect(body.walls).toMatchObject({ contract: true, server: true });
  });
});

describe("400", () => {
  test("refuses a query", async () => {
    const { body } = await as("admin", server).get("/setup/v1/capabilities?verbose=true").expect(400);
    expect(body).toMatchObject({ errors: [{ parameter: "verbose" }] });
  });
});
