import { expect, test } from "vitest";
import { appendRows, createChannel } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();
const HOURS = 12;
const LENGTH = 4_000_000;

const textOf = (hour: number) => String.fromCodePoint(97 + hour).repeat(LENGTH);

test("buckets of large texts come in pages of bounded size, each bucket once", { timeout: 180_000 }, async () => {
  const id = await createChannel(server, { channel_schema: { note: "str", document: "optional[dict]" } });
  for (let hour = 0; hour < HOURS; hour++) {
    const time = new Date(Date.UTC(2024, 2, 1, hour, 30)).toISOString();
    await appendRows(server, id, [{ time, note: textOf(hour), document: hour % 2 === 0 ? { hour } : null }]);
  }
  const query = new URLSearchParams({ bucket: "1h", "fn[note]": "first,last,mode", "fn[document]": "last" });
  const hours: number[] = [];
  const sizes: number[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    if (cursor) query.set("cursor", cursor);
    const answer = await as("reader", server).get(`/api/v1/channels/${id}/rows/aggregate?${query}`).expect(200);
    for (const { time, values } of answer.body.buckets) {
      const hour = new Date(time).getUTCHours();
      expect(values.note.first === textOf(hour) && values.note.last === textOf(hour) && values.note.mode === textOf(hour)).toBe(
        true,
      );
      expect(values.document.last).toEqual(hour % 2 === 0 ? { hour } : null);
      hours.push(hour);
    }
    sizes.push(answer.body.buckets.length);
    cursor = answer.body.next_cursor;
  }
  expect(hours).toEqual(Array.from({ length: HOURS }, (_, hour) => hour));
  expect(Math.max(...sizes)).toBeLessThanOrEqual(3);
});

test("a range whose values take too much to be filled is refused", async () => {
  const id = await createChannel(server, { channel_schema: { note: "str" } });
  for (let hour = 0; hour < 9; hour++) {
    await appendRows(server, id, [{ time: new Date(Date.UTC(2024, 2, 1, hour)).toISOString(), note: textOf(hour) }]);
  }
  const range = "from=2024-03-01T00:00:00Z&to=2024-03-01T09:00:00Z";
  const { body } = await as("reader", server)
    .get(`/api/v1/channels/${id}/rows/aggregate?bucket=1h&fn[note]=last&fill=null&${range}`)
    .expect(400);
  expect(body.errors).toMatchObject([{ parameter: "fill", code: "too_large" }]);
});
