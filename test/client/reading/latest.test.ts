import { defineChannel, isApiError, SchemaDriftError } from "@kronicle/client";
import { beforeAll, describe, expect, test } from "vitest";
import { useTestServer } from "../../support/use-test-server.ts";
import { connect } from "../connect.ts";

const station = defineChannel({
  ticks: "optional[int64]",
  wind: "optional[float]",
  note: "optional[str]",
  seen: "optional[datetime]",
});
const dated = defineChannel(station.columns, { times: "date" });

const at = (day: number) => `2024-03-${String(day).padStart(2, "0")}T00:00:00Z`;

const server = useTestServer();
let id: string;
beforeAll(async () => {
  const { channel_id } = await connect("writer", server).writer.upsertChannel({
    name: "station",
    schema: station,
    tags: { room: "lab", "a/b & c": ["x", 2, true] },
    rows: [
      { time: at(1), note: "first", seen: "2024-02-01T00:00:00.000001Z" },
      { time: at(20), ticks: 9_007_199_254_740_993n },
      { time: at(21), wind: 2.5 },
    ],
  });
  id = channel_id;
  await connect("writer", server).writer.upsertChannel({
    name: "silent",
    schema: defineChannel({ value: "float" }),
    tags: { room: "attic" },
  });
});

const reader = () => connect("reader", server).reader;
const channel = () => reader().channel(id, station);

describe("the latest row of a channel", () => {
  test("has the columns, meets the conditions and is of the time that were asked for", async () => {
    expect(await channel().latest()).toEqual({ time: at(21), ticks: null, wind: 2.5, note: null, seen: null });
    expect(await channel().latest({ columns: ["ticks"], asOf: new Date(at(20)) })).toEqual({
      time: at(20),
      ticks: 9_007_199_254_740_993n,
    });
    expect(await channel().latest({ columns: ["note"], where: { note: { isNull: false } } })).toEqual({
      time: at(1),
      note: "first",
    });
    expect(await channel().latest({ asOf: "2024-02-01T00:00:00Z" })).toBeNull();
  });

  test("is read on the lane of readers, whoever asks", async () => {
    expect(await connect("writer", server).writer.channel(id, station).latest()).toMatchObject({ wind: 2.5 });
    expect(await connect("admin", server).setup.channel(id, station).latest()).toMatchObject({ wind: 2.5 });
  });

  test("is compared with the definition", async () => {
    const outdated = defineChannel({ wind: "str" });
    await expect(reader().channel(id, outdated).latest()).rejects.toBeInstanceOf(SchemaDriftError);
    await expect(reader().channel(id, outdated).latestValues()).rejects.toBeInstanceOf(SchemaDriftError);
  });

  test("is refused a value of a wrong type before anything is sent", async () => {
    await expect(channel().latest({ asOf: new Date(Number.NaN) })).rejects.toThrow(TypeError);
    await expect(channel().latest({ columns: [] })).rejects.toThrow(TypeError);
  });
});

describe("the latest values of a channel", () => {
  test("come each with its time, as the definition has them", async () => {
    expect(await channel().latestValues({ lookback: "P1M" })).toEqual({
      row: { time: at(21), ticks: null, wind: 2.5, note: null, seen: null },
      columns: {
        ticks: { time: at(20), value: 9_007_199_254_740_993n },
        wind: { time: at(21), value: 2.5 },
        note: { time: at(1), value: "first" },
        seen: { time: at(1), value: "2024-02-01T00:00:00.000001Z" },
      },
      searchedFrom: "2024-02-21T00:00:00Z",
    });
    const { columns } = await reader()
      .channel(id, dated)
      .latestValues({ lookback: "30d", columns: ["seen", "wind"] });
    expect(columns).toEqual({
      seen: { time: new Date(at(1)), value: new Date("2024-02-01T00:00:00Z") },
      wind: { time: new Date(at(21)), value: 2.5 },
    });
  });

  test("are looked for seven days back unless lookback says otherwise", async () => {
    expect(await channel().latestValues({ columns: ["ticks", "note"] })).toMatchObject({
      columns: { ticks: { value: 9_007_199_254_740_993n }, note: null },
      searchedFrom: at(14),
    });
    const outcome = await channel()
      .latestValues({ lookback: "a week" })
      .catch((error: unknown) => error);
    expect(isApiError(outcome, "query_invalid")).toBe(true);
  });

  test("are none in a channel without rows", async () => {
    const { channel_id } = await connect("admin", server).setup.createChannel({ schema: station });
    expect(await reader().channel(channel_id, station).latestValues()).toEqual({
      row: null,
      columns: { ticks: null, wind: null, note: null, seen: null },
      searchedFrom: null,
    });
  });
});

describe("the latest rows of many channels", () => {
  test("come by pages, each with what tells its channel from others", async () => {
    const seen = [];
    for await (const { name, row, stale } of reader().latest({ columns: ["wind"], maxAge: "P1D", limit: 1 }))
      seen.push([name, row, stale]);
    expect(seen.slice(0, 2)).toEqual([
      ["station", { time: at(21), wind: 2.5 }, true],
      ["silent", null, true],
    ]);
    const { items, hasMore, nextCursor } = await reader()
      .latest({ tags: { room: "lab" }, maxAge: "P1000Y" })
      .page();
    expect([items.length, hasMore, nextCursor]).toEqual([1, false, null]);
    expect(items[0]).toMatchObject({ channel_id: id, tags: { room: "lab" }, stale: false, row: { ticks: null } });
  });

  test("go on at the cursor of a page", async () => {
    const { nextCursor } = await reader().latest({ limit: 1 }).page();
    const { items } = await reader()
      .latest({ limit: 1, cursor: nextCursor ?? "" })
      .page();
    expect(items[0]).toMatchObject({ name: "silent" });
  });
});

describe("tags", () => {
  test("are listed with their values, whatever their keys", async () => {
    const keys = [];
    for await (const tag of reader().tags({ limit: 1 })) keys.push(tag);
    expect(keys).toEqual([
      { key: "a/b & c", channels: 1 },
      { key: "room", channels: 2 },
    ]);
    const values = [];
    for await (const { value } of reader().tagValues("a/b & c", { limit: 1 })) values.push(value);
    expect(values).toEqual(["x", 2, true]);
    const { items } = await reader()
      .tagValues("room", { tags: { "a/b & c": { exists: true } } })
      .page();
    expect(items).toEqual([{ value: "lab", channels: 1 }]);
  });
});
