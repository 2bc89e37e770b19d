/** In charge of what comes as lines of JSON. */
import { truncatedExport } from "./answer-stream.ts";

/**
 * The lines of a stream, each of the type that its operation has, as many at a time as came together. The last line has to end like the others.
 *
 * @throws NetworkError
 */
export async function* readNdjson<Line>(stream: ReadableStream<Uint8Array>): AsyncGenerator<Line[], void, undefined> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      const lines = (rest + decoder.decode(piece.value, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      yield lines.map(parseLine<Line>);
    }
  } finally {
    // A caller who stops early does not want the rest.
    await reader.cancel().catch(() => undefined);
  }
  if (rest + decoder.decode() !== "") throw truncatedExport();
}

function parseLine<Line>(line: string): Line {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw truncatedExport(cause);
  }
}
