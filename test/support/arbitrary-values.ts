/** In charge of arbitrary values for each column type: what a writer may send, and how a reader gets it back. */
import * as fc from "fast-check";

/** The JSON text that goes in, and the value that comes out. */
export type Sample = { readonly sent: string; readonly read: unknown };

const FIRST_MS = Date.parse("0001-01-01T00:00:00Z");
const LAST_MS = Date.parse("9999-12-31T23:59:59.999Z");
const MICROS = 1_000;

/** JSON.stringify would drop the sign of -0. */
function plain(value: unknown): Sample {
  return { sent: Object.is(value, -0) ? "-0" : JSON.stringify(value), read: value };
}

/** Any code point, but NUL: PostgreSQL cannot store it. */
const text = fc.string({ unit: "binary", maxLength: 40 }).map((value) => value.replaceAll("\0", "␀"));

/** Documents keep integers up to 2^53, and no -0. */
const documentNumber = fc
  .oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }))
  .map((number) => (Number.isInteger(number) && !Number.isSafeInteger(number) ? 0.5 : number + 0));

const { document } = fc.letrec<{ document: unknown }>((tie) => ({
  document: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(text, documentNumber, fc.boolean(), fc.constant(null)),
    fc.array(tie("document"), { maxLength: 4 }),
    fc.dictionary(text, tie("document"), { maxKeys: 4 }),
  ),
}));

/** A point in time with microseconds, written with any offset. */
export function instants(latestMs = LAST_MS): fc.Arbitrary<Sample & { read: string }> {
  return fc
    .record({
      ms: fc.integer({ min: FIRST_MS, max: latestMs }),
      micros: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: MICROS - 1 })),
      offset: fc.integer({ min: -23 * 60 - 59, max: 23 * 60 + 59 }),
    })
    .map(({ ms, micros, offset }) => {
      const written = ms + offset * 60_000;
      // A day near either end of the calendar may not exist in the other zone.
      const zone = written < FIRST_MS || written > LAST_MS ? 0 : offset;
      const fraction = `.${String(ms - Math.floor(ms / 1_000) * 1_000).padStart(3, "0")}${String(micros).padStart(3, "0")}`;
      const second = (at: number) => new Date(at).toISOString().slice(0, 19);
      return {
        sent: JSON.stringify(`${second(ms + zone * 60_000)}${fraction}${formatOffset(zone)}`),
        read: `${second(ms)}${fraction === ".000000" ? "" : fraction}Z`,
      };
    });
}

function formatOffset(minutes: number): string {
  const [hour, minute] = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? "-" : "+"}${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

export const VALUES = {
  str: text.map(plain),
  int: fc.maxSafeInteger().map((value) => plain(value + 0)),
  int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => plain(String(value))),
  float: fc.double({ noNaN: true, noDefaultInfinity: true }).map(plain),
  bool: fc.boolean().map(plain),
  uuid: fc.uuid().map(plain),
  datetime: instants(),
  dict: fc.dictionary(text, document, { maxKeys: 4 }).map(plain),
  list: fc.array(document, { maxLength: 4 }).map(plain),
} as const satisfies Record<string, fc.Arbitrary<Sample>>;
