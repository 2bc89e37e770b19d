import { describe, expect, test } from "vitest";
import { readTraceParent } from "../../server/src/formats/trace-context.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";
const GOOD = `00-${TRACE}-${SPAN}-01`;

describe("a traceparent", () => {
  test.each([
    ["of the present version", GOOD, 1],
    ["that is not sampled", `00-${TRACE}-${SPAN}-00`, 0],
    ["with flags of a later version", `00-${TRACE}-${SPAN}-ff`, 255],
    ["of a later version", `cc-${TRACE}-${SPAN}-01`, 1],
    ["of a later version with more fields", `cc-${TRACE}-${SPAN}-01-what-comes-next`, 1],
  ])("%s is honoured", (_what, header, flags) => {
    expect(readTraceParent([header])).toEqual({ traceId: TRACE, spanId: SPAN, flags });
  });

  test.each([
    ["that is not there", []],
    ["that is empty", [""]],
    ["that stands twice", [GOOD, GOOD]],
    ["with two values in one line", [`${GOOD}, ${GOOD}`]],
    ["with more fields than its version has", [`${GOOD}-00`]],
    ["of a later version, with fields that run together", [`cc-${TRACE}-${SPAN}-01.what`]],
    ["of the version that is forbidden", [`ff-${TRACE}-${SPAN}-01`]],
    ["in capital letters", [GOOD.toUpperCase()]],
    ["with a trace of zeros", [`00-${"0".repeat(32)}-${SPAN}-01`]],
    ["with a span of zeros", [`00-${TRACE}-${"0".repeat(16)}-01`]],
    ["that is too short", [GOOD.slice(1)]],
    ["that lacks its flags", [`00-${TRACE}-${SPAN}`]],
    ["with other characters", [`00-${TRACE.replace("4", "g")}-${SPAN}-01`]],
    ["with a space before it", [` ${GOOD}`]],
    ["with a line break behind it", [`${GOOD}\n`]],
    ["with other digits", [`00-${TRACE.replace("4", "٤")}-${SPAN}-01`]],
  ])("%s is not", (_what, headers) => {
    expect(readTraceParent(headers)).toBeNull();
  });
});
