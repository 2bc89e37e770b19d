import { StringDecoder } from "node:string_decoder";
import { DumpError } from "./dump-error.ts";

/** Far more than any row can have; what has no line ends is no dump, and must not fill the memory. */
const MAX_LINE_LENGTH = 256 * 1024 * 1024;

/** The lines of a stream, without their ends. */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder("utf8");
  /** The line that has begun, in pieces: joined once, however long it is. */
  let begun: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const [head = "", ...lines] = decoder.write(chunk).split("\n");
    begun.push(head);
    length += head.length;
    if (length > MAX_LINE_LENGTH) throw new DumpError("This is no dump of Kronicle: it has a line without end.");
    const rest = lines.pop();
    if (rest === undefined) continue;
    yield begun.join("");
    yield* lines;
    begun = [rest];
    length = rest.length;
  }
  const last = begun.join("") + decoder.end();
  if (last !== "") yield last;
}
