import { StringDecoder } from "node:string_decoder";
import { DumpError } from "./dump-error.ts";

/** Far more than any row can have; what has no line ends is no dump, and must not fill the memory. */
const LONGEST_LINE = 256 * 1024 * 1024;

/** The lines of a stream, without their ends. */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of chunks) {
    const lines = (rest + decoder.write(chunk)).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > LONGEST_LINE) throw new DumpError("This is no dump of Kronicle: it has a line without end.");
    yield* lines;
  }
  rest += decoder.end();
  if (rest !== "") yield rest;
}
