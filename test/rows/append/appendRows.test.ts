import { describe, expect, test } from "vitest";
import { createChannel, getChannel } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();

function append(id: string, rows: unknown, more: object = {}) {
  return as("writer", server)
    .post(`/data/v1/channels/${id}/rows`)
    .send({ rows, ...more });
}

describe("200", () => {
  test("stores every row and answers with the counts of this commit", async () => {
    const id = await createChannel(server, { channel_schema: { temperature: "float" } });
    const rows = [
      { time: "2024-03-01T00:00:00Z", temperature: 20.5 },
      { time: "2024-03-01T00:00:00.000001+01:00", temperature: -0 },
    ];
    const { body } = await append(id, rows).expect(200);

    expect(body).toMatchObject({
      op_status: "success",
      op_details: { provided_rows: 2, inserted_rows: 2, rejected_rows: 0, ignored_rows: 0, available_rows: 2, details: [] },
      available_rows: 2,
      first_time: "2024-02-29T23:00:00.000001Z",
      last_time: "2024-03-01T00:00:00Z",
    });
  });

  test("does not send the rows back", async () => {
    const id = await createChannel(server, { channel_schema: { temperature: "float" } });
    const { body } = await append(id, [{ time: "2024-03-01T00:00:00Z", temperature: 1 }]).expect(200);
    expect(body).not.toHaveProperty("rows");
  });

  test("leaves the definition as it was", async () => {
    const id = await createChannel(server, {
      channel_schema: { temperature: "float" },
      name: "kept",
      metadata: { site: "roof" },
      tags: { floor: 3 },
    });
    const before = await getChannel(server, id);
    await append(id, [{ time: "2024-03-01T00:00:00Z", temperature: 1 }]).expect(200);

    const counters = { available_rows: 1, first_time: "2024-03-01T00:00:00Z", last_time: "2024-03-01T00:00:00Z" };
    expect(await getChannel(server, id)).toEqual({ ...before, ...counters });
  });

  test("gives rows without a time the time of their arrival", async () => {
    const id = await createChannel(server, { channel_schema: { temperature: "float" } });
    const before = Date.now();
    const { body } = await append(id, [{ temperature: 1 }, { temperature: 2 }]).expect(200);

    expect(Date.parse(body.first_time)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(body.first_time)).toBeLessThanOrEqual(Date.now());
    expect(body.last_time).toBe(body.first_time);
  });

  test("takes the whole range of times, from the year 0001 to almost a day ahead", async () => {
    const id = await createChannel(server, { channel_schema: { temperature: "float" }, density: "sparse" });
    const soon = new Date(Date.now() + 86_000_000).toISOString();
    const rows = [
      { time: "0001-01-01T00:00:00Z", temperature: 1 },
      { time: "0999-12-31T23:59:59.999999-00:01", temperature: 2 },
      { time: soon, temperature: 3 },
    ];
    const { body } = await append(id, rows).expect(200);

    expect(body).toMatchObject({ available_rows: 3, first_time: "0001-01-01T00:00:00Z" });
    expect(Date.parse(body.last_time)).toBe(Date.parse(soon));
  });

  test("takes the id of the path in the body, in either case", async () => {
    const id = await createChannel(server, { channel_schema: { temperature: "float" } });
    const rows = [{ time: "2024-03-01T00:00:00Z", temperature: 1 }];
    await append(id, rows, { channel_id: id }).expect(200);
    const { body } = await append(id.toUpperCase(), rows, { channel_id: id }).expect(200);
    expect(body).toMatchObject({ channel_id: id, available_rows: 2 });
  });

  test("counts and keeps every row of appends that run at once", async () => {
    const id = await createChannel(server, { channel_schema: { writer: "int", number: "int" } });
    const batches = Array.from({ length: 12 }, (_, writer) =>
      Array.from({ length: 5 }, (_row, number) => ({ time: `2024-03-01T00:00:0${number}Z`, writer, number })),
    );
    const answers = await Promise.all(batches.map((rows) => append(id, rows)));

    expect(answers.map(({ status }) => status)).toEqual(batches.map(() => 200));
    expect(await getChannel(server, id)).toMatchObject({ available_rows: 60 });
    const { body } = await as("reader", server).get(`/api/v1/channels/${id}/rows`).expect(200);
    expect(new Set(body.rows.map(({ writer, number }: Record<string, number>) => `${writer} ${number}`)).size).toBe(60);
  });
});

describe("400 too_many_chunks", () => {
  const days = (count: number) =>
    Array.from({ length: count }, (_, day) => ({ time: new Date(Date.UTC(2020, 0, 1 + day)).toISOString(), temperature: day }));

  test("refuses 65 new chunks and says how to split; the chunks that exist do not count", async () => {
    const id = await createChannel(server, { channel_schema: { temperature: "float" }, density: "dense" });

    const { body } = await append(id, days(65)).expect(400);
    expect(body).toMatchObject({ code: "too_many_chunks", detail: expect.stringContaining("at most 64 days at once") });
    expect(await getChannel(server, id)).toMatchObject({ available_rows: 0 });

    await append(id, days(64)).expect(200);
    const { body: second } = await append(id, days(65)).expect(200);
    expect(second).toMatchObject({ available_rows: 129 });
  });
});

describe("400 request_invalid", () => {
  test("refuses another id in the body than in the path", async () => {
    const id = await createChannel(server, { channel_schema: { temperature: "float" } });
    const other = await createChannel(server, { channel_schema: { temperature: "float" } });
    const { body } = await append(id, [{ temperature: 1 }], { channel_id: other }).expect(400);

    expect(body).toMatchObject({ code: "request_invalid", errors: [{ pointer: "/channel_id" }] });
    expect(await getChannel(server, id)).toMatchObject({ available_rows: 0 });
    expect(await getChannel(server, other)).toMatchObject({ available_rows: 0 });
  });

  test.each([
    ["no rows at all", {}, "/rows"],
    ["an empty list of rows", { rows: [] }, "/rows"],
    ["rows that are no list", { rows: { temperature: 1 } }, "/rows"],
    ["a row that is no object", { rows: [{ temperature: 1 }, [1]] }, "/rows/1"],
    ["a row that is null", { rows: [null] }, "/rows/0"],
    ["an unknown field", { rows: [{ temperature: 1 }], strict: false }, "/strict"],
    ["an unknown field whose name has to be escaped", { rows: [{ temperature: 1 }], "a/b~c": 1 }, "/a~1b~0c"],
  ])("refuses %s, with its place", async (_what, fields, pointer) => {
    const id = await createChannel(server, { channel_schema: { temperature: "float" } });
    const { body } = await as("writer", server).post(`/data/v1/channels/${id}/rows`).send(fields).expect(400);
    expect(body).toMatchObject({ code: "request_invalid", errors: [{ pointer }] });
    expect(await getChannel(server, id)).toMatchObject({ available_rows: 0 });
  });

  test("refuses an id that is no UUID", async () => {
    const { body } = await append("thermo-1", [{ temperature: 1 }]).expect(400);
    expect(body).toMatchObject({ code: "request_invalid", errors: [{ parameter: "channel_id" }] });
  });
});

describe("404", () => {
  test("says that there is no such channel", async () => {
    const { body } = await append("00000000-0000-4000-8000-000000000000", [{ temperature: 1 }]).expect(404);
    expect(body).toMatchObject({
      code: "channel_not_found",
      detail: expect.stringContaining("00000000-0000-4000-8000-000000000000"),
    });
  });
});
