import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NetworkError } from "../../../client/src/errors/network-error.ts";
import { readNdjson } from "../../../client/src/response/read-ndjson.ts";

const encoder = new TextEncoder();

/** The bytes in pieces, cut at these places: in the middle of lines and of characters. */
function inPieces(bytes: Uint8Array, cuts: readonly number[]): ReadableStream<Uint8Array> {
  const places = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((one, other) => one - other);
  let start = 0;
  return new ReadableStream({
    pull(controller) {
      const end = places.shift();
      if (end === undefined) return controller.close();
      controller.enqueue(bytes.slice(start, end));
      start = end;
    },
  });
}

async function collect(stream: ReadableStream<Uint8Array>): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const some of readNdjson(stream)) rows.push(...some);
  return rows;
}

const rows = fc.array(fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue()), { maxLength: 6 });
const cuts = fc.array(fc.nat(), { maxLength: 8 });
const written = (given: readonly unknown[]) => encoder.encode(given.map((row) => `${JSON.stringify(row)}\n`).join(""));

describe("rows as lines of JSON", () => {
  test("are the same however the bytes are cut into pieces", async () => {
    await fc.assert(
      fc.asyncProperty(rows, cuts, async (given, places) => {
        const expected: unknown = JSON.parse(JSON.stringify(given));
        expect(await collect(inPieces(written(given), places))).toEqual(expected);
      }),
    );
  });

  test("are never taken for complete when bytes are missing at the end of a line", async () => {
    await fc.assert(
      fc.asyncProperty(rows, cuts, fc.nat(), async (given, places, missing) => {
        const last = encoder.encode(`${JSON.stringify({ last: true })}\n`);
        const kept = last.slice(0, 1 + (missing % (last.length - 1)));
        const bytes = Uint8Array.from([...written(given), ...kept]);
        await expect(collect(inPieces(bytes, places))).rejects.toThrow(NetworkError);
      }),
    );
  });

  test("end the stream when they are no longer wanted", async () => {
    let isCancelled = false;
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(written([{ a: 1 }])),
      cancel: () => {
        isCancelled = true;
      },
    });
    for await (const some of readNdjson(stream)) {
      expect(some).toEqual([{ a: 1 }]);
      break;
    }
    expect(isCancelled).toBe(true);
  });
});
