import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeApiKey, parseApiKey } from "../../server/src/access/api-key.ts";
import { ROLES } from "../../server/src/access/role.ts";

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** With the checksum that the body calls for, so that only its format can be wrong. */
function withChecksum(body: string): string {
  let rest = crc32(body);
  let digits = "";
  while (digits.length < 6) {
    digits = BASE62.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return `${body}_${digits}`;
}

const ID = "4fTq9ZbXw2Lk";
const SECRET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg";

describe("a new key", () => {
  test.for(ROLES)("of the %s lane has the format of the contract", (lane) => {
    expect(makeApiKey(lane).text).toMatch(new RegExp(`^krn_${lane}_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$`));
  });

  test("is read back as its lane, its id and the hash of its secret", () => {
    for (const lane of ROLES) {
      const { text, ...key } = makeApiKey(lane);
      expect(parseApiKey(text)).toEqual(key);
      const [, , keyId, secret = ""] = text.split("_");
      expect(key).toEqual({ role: lane, keyId, secretHash: createHash("sha256").update(secret).digest() });
    }
  });

  test("is unlike any other, in its id and in its secret", () => {
    const parts = Array.from({ length: 500 }, () => makeApiKey("reader").text.split("_"));
    expect(new Set(parts.map(([, , keyId]) => keyId)).size).toBe(parts.length);
    expect(new Set(parts.map(([, , , secret]) => secret)).size).toBe(parts.length);
  });

  test("uses all of base62", () => {
    const digits = new Set(Array.from({ length: 200 }, () => makeApiKey("reader").text.split("_")[3] ?? "").join(""));
    expect([...digits].toSorted()).toEqual([...BASE62].toSorted());
  });
});

describe("a key that is read", () => {
  test("may come from another server of this version", () => {
    // Keys outlive the process that made them: a change of the format or of the checksum would shut them all out.
    expect(withChecksum(`krn_writer_${ID}_${SECRET}`)).toBe(
      "krn_writer_4fTq9ZbXw2Lk_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg_0MJM2f",
    );
    expect(parseApiKey(withChecksum(`krn_writer_${ID}_${SECRET}`))).toMatchObject({ role: "writer", keyId: ID });
  });

  test("is refused with any one character changed", () => {
    const anyKey = fc.constantFrom(...ROLES).map((lane) => makeApiKey(lane).text);
    const character = fc.oneof(
      fc.constantFrom(...BASE62, "_", "-", " "),
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
    );
    fc.assert(
      fc.property(anyKey, fc.nat(), character, (key, place, character) => {
        const index = place % key.length;
        fc.pre(key[index] !== character);
        expect(parseApiKey(key.slice(0, index) + character + key.slice(index + 1))).toBeNull();
      }),
      { numRuns: 2_000 },
    );
  });

  test("is refused with a character missing, doubled or swapped with the next", () => {
    const { text } = makeApiKey("admin");
    for (let index = 0; index < text.length - 1; index++) {
      const [head, here, next, tail] = [text.slice(0, index), text.charAt(index), text.charAt(index + 1), text.slice(index + 2)];
      expect(parseApiKey(head + next + tail)).toBeNull();
      expect(parseApiKey(head + here + here + next + tail)).toBeNull();
      const swapped = head + next + here + tail;
      expect(swapped === text || parseApiKey(swapped) === null).toBe(true);
    }
  });

  test("is refused on another lane than it was made for", () => {
    const { text } = makeApiKey("reader");
    expect(parseApiKey(text.replace("krn_reader_", "krn_admin_"))).toBeNull();
    expect(parseApiKey(text.replace("krn_reader_", "krn_writer_"))).toBeNull();
  });

  test.for([
    ["a lane that is none", `krn_auth_${ID}_${SECRET}`],
    ["a lane in capitals", `krn_READER_${ID}_${SECRET}`],
    ["another prefix", `kro_reader_${ID}_${SECRET}`],
    ["no prefix", `reader_${ID}_${SECRET}`],
    ["a short id", `krn_reader_${ID.slice(1)}_${SECRET}`],
    ["a long secret", `krn_reader_${ID}_${SECRET}0`],
    ["a short secret", `krn_reader_${ID}_${SECRET.slice(1)}`],
    ["an underscore in the id", `krn_reader_${ID.slice(1)}__${SECRET}`],
    ["an underscore in the secret", `krn_reader_${ID}__${SECRET.slice(1)}`],
    ["an accent in the id", `krn_reader_é${ID.slice(1)}_${SECRET}`],
  ] as const)("is refused with %s, though its checksum is right", ([, body]) => {
    expect(parseApiKey(withChecksum(body))).toBeNull();
  });

  test("is refused with anything around it", () => {
    const { text } = makeApiKey("reader");
    expect(
      [` ${text}`, `${text} `, `${text}\n`, `${text}\0`, `x${text}`, "", "krn_", "x".repeat(100_000)].map(parseApiKey),
    ).toEqual(Array.from({ length: 8 }, () => null));
  });
});
