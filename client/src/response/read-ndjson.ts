/** In charge of rows that come as lines of JSON. */
import type { components } from "../schema.generated.ts";
import { truncatedExport } from "./answer-stream.ts";

type RowsOnTheWire = components["schemas"]["RowsPage"]["rows"];

/**
 * The rows of a stream, as many at a time as came together. The last line has to end like the others.
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
    // A caller who stops early does not want the rest.
    await reader.cancel().catch(() => undefined);
  }
  if (rest + decoder.decode() !== "") throw truncatedExport();
}

function parseLine(line: string): RowsOnTheWire[number] {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw truncatedExport(cause);
  }
}
