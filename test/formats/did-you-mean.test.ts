import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { didYouMean } from "../../server/src/formats/did-you-mean.ts";

const KNOWN = ["time", "temperature", "humidity", "RH", "WIND_SPEED"];

describe("a guess", () => {
  test.for([
    ["temprature", "temperature"],
    ["temperatrue", "temperature"],
    ["Temperature", "temperature"],
    ["HUMIDITY", "humidity"],
    ["tme", "time"],
    ["tiem", "time"],
    ["itme", "time"],
    ["HR", "RH"],
    ["times", "time"],
    ["rh", "RH"],
    ["RHH", "RH"],
    ["wind_speed", "WIND_SPEED"],
    ["WIND SPEED", "WIND_SPEED"],
  ] as const)("for %s is %s", ([name, meant]) => {
    expect(didYouMean(name, KNOWN)).toBe(`; did you mean "${meant}"?`);
  });

  test.for(["", "pressure", "x", "temp", "ptermeature", "humid", "constructor", "__proto__"])(
    "is not made for %j, which is far from all",
    (name) => {
      expect(didYouMean(name, KNOWN)).toBe("");
    },
  );

  test("is the nearest of several that are near", () => {
    expect(didYouMean("sensor_13", ["sensor_21", "sensor_12", "sensor_1", "sensor_131"])).toMatch(/"sensor_1(?:2|31)?"/);
    expect(didYouMean("sensor_12x", ["sensor_21", "sensor_12", "sensor_1"])).toBe('; did you mean "sensor_12"?');
  });

  test("does not count what all names begin with", () => {
    const settings = ["KRONICLE_HOST", "KRONICLE_PORT", "DATABASE_URL"];
    expect(didYouMean("KRONICLE_PROT", settings, "KRONICLE_")).toBe('; did you mean "KRONICLE_PORT"?');
    expect(didYouMean("KRONICLE_DATABASE_URL", settings, "KRONICLE_")).toBe('; did you mean "DATABASE_URL"?');
    expect(didYouMean("KRONICLE_FOO", settings, "KRONICLE_")).toBe("");
    expect(didYouMean("KRONICLE_FOO", settings)).not.toBe("");
  });

  test("is not made where there is nothing to mean, or for a name that is none", () => {
    expect(didYouMean("time", [])).toBe("");
    expect(didYouMean("a".repeat(129), ["a".repeat(128)])).toBe("");
    expect(didYouMean("a".repeat(128), ["a".repeat(127)])).not.toBe("");
  });

  test("is one of the known names, or none is made, whatever the name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.array(fc.string({ unit: "binary" })), (name, known) => {
        expect(["", ...known.map((each) => `; did you mean "${each}"?`)]).toContain(didYouMean(name, new Set(known)));
      }),
    );
  });
});
