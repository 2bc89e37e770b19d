import { beforeAll, describe, expect, test } from "vitest";
import { appendRows, createChannel } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();
let id: string;
beforeAll(async () => {
  id = await createChannel(server, {
    channel_schema: { temperature: "float", polar: "optional[float]", total: "int64", note: "optional[str]" },
  });
  await appendRows(server, id, [
    { time: "2024-03-01T00:00:00Z", temperature: 1e308, polar: -1.7e308, total: "1" },
    { time: "2024-03-01T00:00:01Z", temperature: 1.7e308, polar: 1.7e308, total: "2" },
  ]);
});

const RANGE = "from=2024-01-01T00:00:00Z&to=2025-01-01T00:00:00Z";

describe.each(["rows/aggregate", "columns/aggregate", "rows/aggregate/export"])("%s", (form) => {
  test.each([
    ["bucket=1x", "bucket", "not_a_bucket"],
    ["bucket=0s", "bucket", "not_a_bucket"],
    ["bucket=P1DT12H", "bucket", "not_a_bucket"],
    ["bucket=P1M1D", "bucket", "not_a_bucket"],
    ["bucket=999us", "bucket", "not_a_bucket"],
    ["bucket=PT0.0005S", "bucket", "not_a_bucket"],
    ["bucket=P99999Y", "bucket", "not_a_bucket"],
    ["bucket=-1h", "bucket", "not_a_bucket"],
    ["bucket=1h&max_points=5", "max_points", "not_with_bucket"],
    ["tz=Europe/Berlim", "tz", "unknown_time_zone"],
    ["tz=%2B01:00", "tz", "unknown_time_zone"],
    ["tz='; select 1", "tz", "unknown_time_zone"],
    ["origin=yesterday", "origin", "not_a_time"],
    ["fn[temprature]=avg", "fn[temprature]", "unknown_column"],
    ["fn[temperature]=mean", "fn[temperature]", "unknown_function"],
    ["fn[temperature]=", "fn[temperature]", "unknown_function"],
    ["fn[temperature]=p100", "fn[temperature]", "unknown_function"],
    ["fn[temperature]=p0", "fn[temperature]", "unknown_function"],
    ["fn[temperature]=p99.99", "fn[temperature]", "unknown_function"],
    ["fn[note]=avg", "fn[note]", "unknown_function"],
    ["fn[time]=min", "fn[time]", "unknown_column"],
    ["fill=null", "fill", "needs_range"],
    [`fill=0.5&fn[total]=max&${RANGE}`, "fill", "wrong_type"],
    [`fill=1e999&${RANGE}`, "fill", "out_of_range"],
    ["fill_limit=P1M", "fill_limit", "not_a_duration"],
    ["fill_limit=soon", "fill_limit", "not_a_duration"],
    ["fn[temperature]=sum", "fn", "out_of_range"],
    ["fn[polar]=median", "fn", "out_of_range"],
    ["fn[temperature]=range&min[temperature]=warm", "min[temperature]", "not_a_number"],
    ["min[nothing]=1", "min[nothing]", "unknown_column"],
  ])("?%s is refused, with the place", async (query, parameter, code) => {
    const { body } = await as("reader", server).get(`/api/v1/channels/${id}/${form}?${query}`).expect(400);
    expect(body.errors).toMatchObject([{ parameter, code }]);
    expect(body.detail).toContain(parameter);
  });

  test.each([
    "fn=avg",
    "fn[temperature",
    "fill=nothing",
    "partial=hide",
    "max_points=0",
    "max_points=1e3",
    "limit=10001",
    "group_by=1",
  ])("?%s breaks the contract", async (query) => {
    if (form.endsWith("export") && query.startsWith("limit")) return;
    const { body } = await as("reader", server).get(`/api/v1/channels/${id}/${form}?${query}`).expect(400);
    expect(body.code).toBe("request_invalid");
  });

  test.each([
    ["1s", RANGE, "PT1H"],
    ["1ms", "from=2024-01-01T00:00:00Z&to=2024-01-01T00:01:00Z", "PT1S"],
    ["1d", "from=1900-01-01T00:00:00Z&to=2024-01-01T00:00:00Z&tz=Europe/Berlin", "P1W"],
    ["1ms", "from=0001-01-01T00:00:00Z&to=9999-12-31T00:00:00Z", "P1Y"],
  ])("more than 10,000 buckets of %s are refused, and the smallest that would do is named", async (bucket, range, smallest) => {
    const { body } = await as("reader", server).get(`/api/v1/channels/${id}/${form}?bucket=${bucket}&${range}`).expect(400);
    expect(body.code).toBe("too_many_buckets");
    expect(body.detail).toContain(`smallest that would do is ${smallest}.`);
    await as("reader", server).get(`/api/v1/channels/${id}/${form}?bucket=${smallest}&fn[note]=count&${range}`).expect(200);
  });

  test("exactly 10,000 buckets are answered", async () => {
    const to = new Date(Date.parse("2024-01-01T00:00:00Z") + 10_000_000).toISOString();
    const query = `from=2024-01-01T00:00:00Z&to=${to}&bucket=1s&fn[note]=count`;
    await as("reader", server).get(`/api/v1/channels/${id}/${form}?${query}`).expect(200);
    const more = new Date(Date.parse(to) + 1).toISOString();
    await as("reader", server)
      .get(`/api/v1/channels/${id}/${form}?from=2024-01-01T00:00:00Z&to=${more}&bucket=1s&fn[note]=count`)
      .expect(400);
  });

  test("an unknown channel is a 404", async () => {
    await as("reader", server).get(`/api/v1/channels/6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10/${form}`).expect(404);
  });
});

test("a cursor of another query, or one that was made up, is refused", async () => {
  const at = `/api/v1/channels/${id}/rows/aggregate`;
  const { body } = await as("reader", server).get(`${at}?bucket=1s&limit=1&fn[temperature]=last`).expect(200);
  await as("reader", server).get(`${at}?bucket=1s&limit=1&fn[temperature]=last&cursor=${body.next_cursor}`).expect(200);
  for (const query of [
    "bucket=2s&fn[temperature]=last",
    "bucket=1s&fn[temperature]=first",
    "bucket=1s&tz=Europe/Berlin&fn[temperature]=last",
  ]) {
    const refused = await as("reader", server).get(`${at}?${query}&limit=1&cursor=${body.next_cursor}`).expect(400);
    expect(refused.body.errors).toMatchObject([{ parameter: "cursor", code: "bad_cursor" }]);
  }
});
