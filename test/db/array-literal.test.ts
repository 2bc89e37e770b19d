import * as fc from "fast-check";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { quotedArray } from "../../server/src/db/array-literal.ts";

const escaped = (text: string) => `{"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"}`;

describe("a text in an array", () => {
  test("is escaped in the same way, short or long", () => {
    const piece = fc.string({ unit: fc.constantFrom('"', "\\", "a", "é", "中", "😀", "{", ","), minLength: 1 });
    fc.assert(
      fc.property(piece, (text) => {
        expect(quotedArray([text])).toBe(escaped(text));
        const long = text.repeat(70_000);
        expect(quotedArray([long]) === escaped(long)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  // A heap like that of a server under the limit of docs/deploy/kubernetes: noting each of them took more than all of it.
  test("may be millions of quotes", async () => {
    const module = new URL("../../server/src/db/array-literal.ts", import.meta.url).href;
    const program = `import(${JSON.stringify(module)}).then(({ quotedArray }) => {
      require("node:worker_threads").parentPort.postMessage(quotedArray(['"'.repeat(16_000_000)]).length);
    })`;
    const worker = new Worker(program, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 256 } });
    expect(await once(worker, "message")).toEqual([32_000_004]);
    await worker.terminate();
  });
});
