/** In charge of rows that come as lines. */
import type { components } from "../schema.generated.ts";
import { brokenOff } from "./broken-off.ts";

type RowsOnTheWire = components["schemas"]["RowsPage"]["rows"];

/**
 * The rows of a stream, as many at a time as came together. The last line has to be complete too.
 *
 * @throws NetworkError
 */
export async function* readNdjson(stream: ReadableStream<Uint8Array>): AsyncGenerator<RowsOnTheWire, void, undefined> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      const lines = (rest + decoder.decode(piece.value, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      yield lines.map(parseLine);
    }
  } finally {
    // Whoever stops early does not want the rest.
    await reader.cancel().catch(() => undefined);
  }
  if (rest + decoder.decode() !== "") throw brokenOff();
}

function parseLine(line: string): RowsOnTheWire[number] {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw brokenOff(cause);
  }
}
