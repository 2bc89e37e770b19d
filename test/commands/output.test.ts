import { expect, test } from "vitest";
import { printable, table } from "../../server/src/commands/output.ts";

test("control characters are written out, but for line ends", () => {
  expect(printable("a\u0000b\u001b[2Jc\u007fd\u009b2Je\nf é 水")).toBe(
    String.raw`a\u0000b\u001b[2Jc\u007fd\u009b2Je` + "\nf é 水",
  );
});

test("a table has one line for each row, whatever its cells hold", () => {
  const text = table(["label"], [{ label: "a\u009b2J\nb" }], "none");
  expect(text.split("\n")).toEqual(["label", String.raw`a\u009b2J b`]);
});
