/** In charge of the step from the text of a file to the values of a row. */
import type { ChannelDefinition, NewRow } from "@kronicle/client";
import type { CsvRecord } from "./read-pieces.ts";

/** An empty field is no value. Text in a column of numbers goes along as it is: the service says what is wrong with it. */
export function toRow({ columns }: ChannelDefinition, { fields }: CsvRecord): NewRow<ChannelDefinition> {
  const given = Object.entries(fields).filter(([, text]) => text !== "");
  return Object.fromEntries(
    given.map(([name, text]) => {
      const number = columns[name] === "optional[float]" ? Number(text) : NaN;
      return [name, Number.isFinite(number) ? number : text];
    }),
  );
}
