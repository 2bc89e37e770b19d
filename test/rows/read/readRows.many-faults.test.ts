import { beforeAll, describe, expect, test } from "vitest";
import { planColumns } from "../../../server/src/columns/channel-schema.ts";
import { MAX_FAULTS } from "../../../server/src/problems/fault.ts";
import { planRowQuery } from "../../../server/src/rows/read/row-query.ts";
import { as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";

/** As many as `columns` may hold. */
const NAMES = Array.from({ length: 10_000 }, (_, index) => index.toString(36));

/** The guess compares each wrong name with all of these. */
const COLUMNS = Array.from({ length: 256 }, (_, index) => `${"temperature of the oven ".repeat(5)}${index}`);

const server = useTestServer();
let id: string;
beforeAll(async () => {
  const channel_schema = Object.fromEntries(COLUMNS.map((name) => [name, "float"]));
  const { body } = await as("admin", server).post("/setup/v1/channels").send({ channel_schema }).expect(201);
  id = body.channel_id;
});

describe("400", () => {
  test("to thousands of unknown columns is short", async () => {
    const { body, text } = await as("reader", server)
      .get(`/api/v1/channels/${id}/rows?columns=${NAMES.join(",")}`)
      .expect(400);
    expect(body.errors).toHaveLength(MAX_FAULTS);
    expect(body.detail).toContain(`and ${NAMES.length - 10} more`);
    expect(text.length).toBeLessThan(20_000);
  });

  test("to thousands of unknown columns costs no more than reading them", () => {
    const { columns } = planColumns(Object.fromEntries(COLUMNS.map((name) => [name, "float"])));
    const startedAt = performance.now();
    const { faults } = planRowQuery(columns, { columns: NAMES.join(",") }, [], { now: 0 });
    // Comparing each of them with each column took 2.3 s; this takes 7 ms.
    expect(performance.now() - startedAt).toBeLessThan(500);
    expect(faults.count).toBe(NAMES.length);
  });

  test("to a sort by unknown columns is short, too", async () => {
    const names = NAMES.slice(0, 150);
    const { body } = await as("reader", server)
      .get(`/api/v1/channels/${id}/rows?sort=${names.join(",")}`)
      .expect(400);
    expect(body.errors).toHaveLength(MAX_FAULTS);
    expect(body.detail).toContain("and 140 more");
  });

  test("to three hundred filters on unknown columns lists a hundred, and counts the rest", async () => {
    const query = NAMES.slice(0, 300).map((name) => `min[${name}]=1`);
    const { body, text } = await as("reader", server)
      .get(`/api/v1/channels/${id}/rows?${query.join("&")}`)
      .expect(400);
    expect(body.errors).toHaveLength(MAX_FAULTS);
    expect(body.detail).toContain("and 290 more");
    expect(text.length).toBeLessThan(20_000);
  });

  test("guesses for the first few names only", async () => {
    const near = Array.from({ length: 50 }, (_, index) => `${"temperature of the oven ".repeat(5)}x${index}`);
    const { body } = await as("reader", server)
      .get(`/api/v1/channels/${id}/rows?columns=${encodeURIComponent(near.join(","))}`)
      .expect(400);
    const guesses = body.errors.filter(({ detail }: { detail: string }) => detail.includes("did you mean"));
    expect(guesses).toHaveLength(10);
    expect(body.errors).toHaveLength(50);
  });
});
