import {
  type BatchWriterOptions,
  createKronicle,
  defineChannel,
  type NewRow,
  type RejectedRow,
  SchemaDriftError,
  TimeoutError,
} from "@kronicle/client";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startTestServer } from "../../support/server.ts";
import { connect } from "../connect.ts";
import { type FakeOptions, startFakeKronicle } from "./fake-kronicle.ts";
import { startHttpServer } from "../http-server.ts";

const counter = defineChannel({ n: "int" });
type Row = NewRow<typeof counter>;
const ID = "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10";
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

/** Pauses are random from nothing on. */
beforeEach(() => {
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** A writer to whoever listens there, which sends nothing before it has to, and what it gave back. */
function open(url: string, options: Partial<BatchWriterOptions<Row>> = {}) {
  const rejected: RejectedRow<Row>[] = [];
  const errors: unknown[] = [];
  const onRejected = (rows: readonly RejectedRow<Row>[], error: unknown) => {
    rejected.push(...rows);
    errors.push(error);
  };
  const client = createKronicle({ baseUrl: url, token: "x", retries: 0, attemptTimeoutMs: 2_000 });
  const writer = client.writer.channel(ID, counter).writer({ lingerMs: 1_000_000, onRejected, ...options });
  return { writer, rejected, errors };
}

async function openFake(fakeOptions: FakeOptions = {}, options: Partial<BatchWriterOptions<Row>> = {}) {
  const server = await startFakeKronicle(fakeOptions);
  return { ...open(server.url, options), server, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** The numbers of the rows of each request. */
const batches = ({ requests }: { requests: readonly { rows: readonly { n: number }[] }[] }) =>
  requests.map(({ rows }) => rows.map(({ n }) => n));

describe("rows", () => {
  test("are sent when a batch is full", async () => {
    await using it = await openFake({}, { maxRows: 3 });
    for (const n of numbers(7)) await it.writer.write({ n });
    await vi.waitFor(() => expect(it.writer.buffered).toBe(1));
    expect(batches(it.server)).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    await it.writer.close();
    expect(it.server.stored.map(({ n }) => n)).toEqual(numbers(7));
    expect(it.writer.buffered).toBe(0);
  });

  test("are sent when their bytes are enough, and one that has more alone", async () => {
    const time = "2024-03-01T00:00:00Z";
    const bytes = JSON.stringify({ n: 0, time }).length;
    await using it = await openFake({}, { maxBytes: 2 * bytes });
    for (const n of [0, 1, 2, 3, 10 ** 14, 4, 5]) await it.writer.write({ n, time });
    await it.writer.close();
    expect(batches(it.server)).toEqual([[0, 1], [2, 3], [10 ** 14], [4, 5]]);
  });

  test("are counted in bytes as they are sent, not in characters", async () => {
    const noted = defineChannel({ n: "int", note: "str" });
    await using server = await startFakeKronicle();
    const writer = createKronicle({ baseUrl: server.url, token: "x" })
      .writer.channel(ID, noted)
      .writer({ lingerMs: 1_000_000, maxBytes: 200, onRejected: () => {} });
    // The fake knows no such column.
    await expect(writer.write({ n: 1, note: "ü".repeat(100) })).resolves.toBeUndefined();
    await vi.waitFor(() => expect(writer.buffered).toBe(0));
  });

  test("are sent when they have waited, though nothing else is written", async () => {
    await using it = await openFake({}, { lingerMs: 5 });
    await it.writer.write({ n: 0 });
    await vi.waitFor(() => expect(it.server.stored).toHaveLength(1));
    await it.writer.write({ n: 1 });
    await vi.waitFor(() => expect(it.server.stored).toHaveLength(2));
  });

  test("are sent one request at a time, and gather meanwhile", async () => {
    await using it = await openFake({}, { maxRows: 2 });
    const held = Promise.withResolvers<void>();
    it.server.hold.until = held.promise;
    for (const n of numbers(9)) await it.writer.write({ n });
    await vi.waitFor(() => expect(it.server.requests).toHaveLength(1));
    held.resolve();
    await it.writer.close();
    expect(it.server.running.most).toBe(1);
    expect(batches(it.server)).toEqual([[0, 1], [2, 3], [4, 5], [6, 7], [8]]);
  });

  test("are what they were when they were written, with the time of then", async () => {
    await using it = await openFake();
    const row = { n: 1 };
    const before = new Date().toISOString();
    await it.writer.write(row);
    const after = new Date().toISOString();
    row.n = 2;
    await it.writer.flush();
    const [sent] = it.server.stored;
    expect(sent).toEqual({ n: 1, time: expect.any(String) });
    expect(String(sent?.time) >= before && String(sent?.time) <= after).toBe(true);
    expect(row).toEqual({ n: 2 });
  });

  test("that JSON cannot hold are a TypeError of write, and harm no other", async () => {
    await using it = await openFake();
    await it.writer.write({ n: 0 });
    await expect(it.writer.write({ n: NaN })).rejects.toThrow(new TypeError('row["n"]: NaN is not a finite number.'));
    await expect(it.writer.write({ n: 1, time: new Date(NaN) })).rejects.toThrow('row["time"]: an invalid Date.');
    await it.writer.write({ n: 2 });
    await it.writer.close();
    expect(batches(it.server)).toEqual([[0, 2]]);
    expect(it.rejected).toEqual([]);
  });
});

describe("a buffer that is full", () => {
  async function openFull() {
    const it = await openFake({}, { maxBuffered: 2 });
    const held = Promise.withResolvers<void>();
    it.server.hold.until = held.promise;
    const settled: number[] = [];
    const write = (n: number, signal?: AbortSignal) =>
      it.writer.write({ n }, { signal }).then(
        () => settled.push(n),
        (error: unknown) => error,
      );
    const writes = [write(0), write(1), write(2), write(3)];
    await vi.waitFor(() => expect(it.server.requests).toHaveLength(1));
    return { ...it, write, writes, settled, release: held.resolve };
  }

  test("makes write wait until there is room, in order", async () => {
    await using it = await openFull();
    expect(it.settled).toEqual([0, 1]);
    expect(it.writer.buffered).toBe(2);
    it.release();
    await Promise.all(it.writes);
    expect(it.settled).toEqual([0, 1, 2, 3]);
    await it.writer.close();
    expect(batches(it.server)).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  test("lets a write be given up, whose row is not taken, and keeps the order of the others", async () => {
    await using it = await openFull();
    const controller = new AbortController();
    const given = it.write(4, controller.signal);
    const last = it.write(5);
    const flushed = it.writer.flush();
    const reason = new Error("no time");
    controller.abort(reason);
    expect(await given).toBe(reason);
    await expect(it.writer.write({ n: 6 }, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    it.release();
    await flushed;
    await last;
    expect(it.server.stored.map(({ n }) => n)).toEqual([0, 1, 2, 3, 5]);
  });
});

describe("flush", () => {
  test("resolves when everything before it is stored, and does not wait for what comes after", async () => {
    await using it = await openFake();
    await it.writer.flush();
    await it.writer.write({ n: 0 });
    const flushed = it.writer.flush();
    void it.writer.write({ n: 1 });
    await flushed;
    expect(it.server.stored.map(({ n }) => n)).toContain(0);
    expect(batches(it.server)).toEqual([[0]]);
  });

  test("may be given up, and the rows are still the writer's", async () => {
    await using it = await openFake();
    const held = Promise.withResolvers<void>();
    it.server.hold.until = held.promise;
    await it.writer.write({ n: 0 });
    const controller = new AbortController();
    const flushed = it.writer.flush({ signal: controller.signal });
    const reason = new Error("no time");
    controller.abort(reason);
    await expect(flushed).rejects.toBe(reason);
    held.resolve();
    await it.writer.close();
    expect(it.server.stored).toHaveLength(1);
  });
});

describe("a batch that fails", () => {
  test("is sent again with its key until it is acknowledged, beyond the retries of the client, and says so", async () => {
    const told: [string, number][] = [];
    const faults = ["reset", "status 503", "reset after", "cut off politely after"] as const;
    const onRetry = (error: unknown, failures: number) => told.push([error instanceof Error ? error.name : "", failures]);
    await using it = await openFake({ faults }, { onRetry });
    await it.writer.write({ n: 0 });
    await it.writer.flush();
    expect(it.server.requests).toHaveLength(5);
    expect(new Set(it.server.requests.map(({ key, body }) => key + body)).size).toBe(1);
    expect(it.server.stored).toHaveLength(1);
    expect(told).toEqual([
      ["NetworkError", 1],
      ["ServerError", 2],
      ["NetworkError", 3],
      ["NetworkError", 4],
    ]);
  });

  test("is sent again when the function for tokens failed", async () => {
    await using server = await startFakeKronicle();
    let asked = 0;
    const token = () => (++asked < 3 ? Promise.reject(new Error("the sign-in service is away")) : "x");
    const writer = createKronicle({ baseUrl: server.url, token })
      .writer.channel(ID, counter)
      .writer({ onRejected: () => {} });
    await writer.write({ n: 0 });
    await writer.close();
    expect(server.stored).toHaveLength(1);
  });

  test("waits as long as the service asks", async () => {
    const at: number[] = [];
    await using busy = await startHttpServer((request, response) => {
      request.resume();
      at.push(performance.now());
      if (at.length === 1) {
        response.writeHead(503, { "Content-Type": "text/html", "Retry-After": "1" }).end();
        return;
      }
      const body = {
        type: "/",
        title: "No",
        status: 503,
        detail: "No.",
        instance: "/",
        code: "not_ready",
        request_id: "1",
        errors: [],
      };
      response.writeHead(503, { "Content-Type": "application/problem+json", "Retry-After": "3600" }).end(JSON.stringify(body));
    });
    const { writer } = open(busy.url);
    await writer.write({ n: 0 });
    await expect(writer.close({ deadlineMs: 300 })).rejects.toThrow(TimeoutError);
    expect(at).toHaveLength(2);
  });
});

describe("a refusal", () => {
  test("of some rows gives those back, with their faults, and stores the others", async () => {
    await using it = await openFake({ mostFaults: 2 });
    const rows = numbers(10).map((n) => ({ n, isBad: n % 2 === 1 }));
    for (const row of rows) await it.writer.write(row);
    await it.writer.close();
    expect(it.server.stored.map(({ n }) => n)).toEqual([0, 2, 4, 6, 8]);
    expect(it.rejected.map(({ row }) => row)).toEqual(rows.filter(({ isBad }) => isBad));
    for (const { row, faults, mayBeStored } of it.rejected) {
      expect(rows).toContain(row);
      expect(faults).toEqual([{ pointer: "/n", code: "bad", detail: "bad" }]);
      expect(mayBeStored).toBe(false);
    }
    for (const error of it.errors) expect(error).toMatchObject({ code: "row_invalid" });
    // What is left of a batch is another request.
    expect(new Set(it.server.requests.map(({ key }) => key)).size).toBe(it.server.requests.length);
  });

  test("of everything gives everything back", async () => {
    await using strict = await startHttpServer((request, response) => {
      request.resume();
      const body = {
        type: "/",
        title: "No",
        status: 404,
        detail: "No.",
        instance: "/",
        code: "channel_not_found",
        request_id: "1",
        errors: [],
      };
      response.writeHead(404, { "Content-Type": "application/problem+json" }).end(JSON.stringify(body));
    });
    const { writer, rejected, errors } = open(strict.url);
    for (const n of numbers(3)) await writer.write({ n });
    await writer.close();
    expect(rejected).toEqual(numbers(3).map((n) => ({ row: { n }, faults: [], mayBeStored: false })));
    expect(errors).toMatchObject([{ name: "NotFoundError" }]);
  });

  test("of the definition gives everything back too", async () => {
    await using server = await startFakeKronicle();
    const errors: unknown[] = [];
    const drifted = createKronicle({ baseUrl: server.url, token: "x" }).writer.channel(ID, defineChannel({ n: "str" }));
    const writer = drifted.writer({ onRejected: (_rows, error) => void errors.push(error) });
    await writer.write({ n: "x" });
    await writer.close();
    expect(errors).toEqual([expect.any(SchemaDriftError)]);
    expect(server.requests).toEqual([]);
  });

  test("of too much at once makes smaller requests of it", async () => {
    await using it = await openFake({ mostRows: 3 });
    for (const n of numbers(20)) await it.writer.write({ n });
    await it.writer.close();
    expect(it.server.stored.map(({ n }) => n)).toEqual(numbers(20));
    expect(it.rejected).toEqual([]);
  });

  test("of too much by a proxy makes smaller requests of it, and gives back what a single row has too much", async () => {
    await using service = await startFakeKronicle();
    await using proxy = await startHttpServer(async (request, response) => {
      const body = request.method === "POST" ? await new Response(ReadableStream.from(request)).text() : null;
      if (body !== null && body.length > 120) {
        response.writeHead(413, { "Content-Type": "text/html" }).end("<html>");
        return;
      }
      const headers = { Accept: "application/json", "Idempotency-Key": String(request.headers["idempotency-key"]) };
      const answer = await fetch(`${service.url}${request.url}`, { method: request.method ?? "GET", headers, body });
      response.writeHead(answer.status, { "Content-Type": "application/json" }).end(await answer.text());
    });
    const { writer, rejected, errors } = open(proxy.url);
    const large = { n: 5, extra: "x".repeat(200) };
    for (const row of [{ n: 1 }, { n: 2 }, { n: 3 }, large, { n: 4 }]) await writer.write(row);
    await writer.close();
    expect(service.stored.map(({ n }) => n)).toEqual([1, 2, 3, 4]);
    expect(rejected).toEqual([{ row: large, faults: [], mayBeStored: false }]);
    expect(errors).toMatchObject([{ name: "NetworkError", status: 413 }]);
  });

  test("is waited for, when it takes its time to be dealt with", async () => {
    const dealt: number[] = [];
    const onRejected = async (rows: readonly RejectedRow<Row>[]) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      dealt.push(...rows.map(({ row }) => row.n));
    };
    await using it = await openFake({}, { maxRows: 1, onRejected });
    const bad = { n: 0, isBad: true };
    await it.writer.write(bad);
    await it.writer.close();
    expect(dealt).toEqual([0]);
  });

  test("that cannot be dealt with stops the writer, and everything throws what was thrown", async () => {
    const fault = new Error("the disk is full");
    const onRejected = vi.fn<() => Promise<never>>(() => Promise.reject(fault));
    await using it = await openFake({}, { maxRows: 1, maxBuffered: 2, onRejected });
    const bad = { n: 0, isBad: true };
    const first = it.writer.write(bad);
    const waiting = Promise.all([it.writer.write({ n: 1 }), it.writer.write({ n: 2 })]);
    await first;
    await expect(waiting).rejects.toBe(fault);
    await expect(it.writer.flush()).rejects.toBe(fault);
    await expect(it.writer.write({ n: 3 })).rejects.toBe(fault);
    // What was left is offered once more.
    await expect(it.writer.close()).rejects.toBe(fault);
    expect(onRejected).toHaveBeenLastCalledWith([{ row: { n: 1 }, faults: [], mayBeStored: false }], fault);
    expect(it.server.stored).toEqual([]);
  });
});

describe("close", () => {
  test("stores what is left, takes no more, and may be called again", async () => {
    await using it = await openFake({}, { maxBuffered: 2 });
    const writes = numbers(5).map((n) => it.writer.write({ n }));
    const closed = it.writer.close();
    await expect(it.writer.write({ n: 9 })).rejects.toThrow(new TypeError("The writer is closed."));
    await closed;
    await Promise.all(writes);
    await it.writer.close();
    expect(it.server.stored.map(({ n }) => n)).toEqual(numbers(5));
  });

  test("is what await using does", async () => {
    await using it = await openFake();
    {
      await using writer = it.writer;
      await writer.write({ n: 0 });
    }
    expect(it.server.stored).toHaveLength(1);
  });

  test("gives back what is left when the time is up, and tells what may be stored", async () => {
    await using it = await openFake({ faults: ["silent after"], lastFaultStays: true }, { maxRows: 2, maxBuffered: 3 });
    for (const n of numbers(3)) await it.writer.write({ n });
    const waiting = it.writer.write({ n: 3 });
    waiting.catch(() => {});
    const flushed = it.writer.flush();
    flushed.catch(() => {});
    await vi.waitFor(() => expect(it.server.stored).toHaveLength(2));

    const timeUp = new TimeoutError("The writer could not store all rows within 20 ms.");
    await expect(it.writer.close({ deadlineMs: 20 })).rejects.toThrow(timeUp);
    await expect(flushed).rejects.toThrow(timeUp);
    // A row that write has not taken is still the caller's.
    await expect(waiting).rejects.toThrow(timeUp);
    expect(it.rejected).toEqual([
      { row: { n: 0 }, faults: [], mayBeStored: true },
      { row: { n: 1 }, faults: [], mayBeStored: true },
      { row: { n: 2 }, faults: [], mayBeStored: false },
    ]);
    expect(it.errors).toEqual([timeUp]);
    expect(it.writer.buffered).toBe(0);
  });

  test("gives back what is left when its signal says so", async () => {
    await using it = await openFake({ faults: ["silent"], lastFaultStays: true });
    await it.writer.write({ n: 0 });
    const reason = new Error("going down");
    await expect(it.writer.close({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(it.rejected).toMatchObject([{ row: { n: 0 } }]);
    expect(it.errors).toEqual([reason]);
  });

  test("waits for ever when it is told so", async () => {
    const faults = Array.from({ length: 30 }, () => "status 503" as const);
    await using it = await openFake({ faults });
    await it.writer.write({ n: 0 });
    await it.writer.close({ deadlineMs: Infinity });
    expect(it.server.stored).toHaveLength(1);
  });
});

describe("options", () => {
  test.each([
    ["maxRows", 0],
    ["maxBytes", NaN],
    ["lingerMs", -1],
    ["maxBuffered", 0],
  ])("that make no sense are refused: %s of %s", (name, value) => {
    expect(() => open("http://127.0.0.1:9", { [name]: value })).toThrow(`${name} has to be a number, and at least`);
  });

  test("without anybody to give rows back to are refused", () => {
    expect(() => open("http://127.0.0.1:9", { onRejected: undefined as never })).toThrow(
      new TypeError("onRejected has to be a function: it is given the rows that cannot be stored."),
    );
  });
});

describe("against a real server", () => {
  test("stores each good row once, in smaller parts where it has to, and gives back the bad ones", async () => {
    await using server = await startTestServer();
    const definition = defineChannel({ n: "int64", note: "optional[str]" });
    const { writer: lane } = connect("writer", server);
    const { channel_id } = await lane.upsertChannel({ name: "batches", schema: definition });
    const rejected: RejectedRow<NewRow<typeof definition>>[] = [];
    const writer = lane.channel(channel_id, definition).writer({
      maxBytes: 100_000_000,
      onRejected: (rows) => void rejected.push(...rows),
    });

    // More chunks than one request may make, more bytes than one request may have, more faults than one answer lists.
    const years = numbers(150).map((index) => ({ time: `${1800 + index}-01-01T00:00:00Z`, n: BigInt(index) }));
    const large = numbers(12).map((index) => ({
      time: "2024-03-01T00:00:00Z",
      n: BigInt(150 + index),
      note: "x".repeat(500_000),
    }));
    const early = numbers(250).map((index) => ({ time: "9999-01-01T00:00:00Z", n: BigInt(1_000 + index) }));
    for (const row of [...years, ...early, ...large]) await writer.write(row);
    await writer.close();

    expect(rejected.map(({ row }) => row)).toEqual(early);
    expect(rejected[0]?.faults).toMatchObject([{ pointer: "/time" }]);
    const stored: bigint[] = [];
    for await (const { n } of lane.channel(channel_id, definition).rows({ sort: "n", columns: ["n"] })) stored.push(n);
    expect(stored).toEqual(numbers(162).map(BigInt));
  });
});
