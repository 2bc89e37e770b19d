/** In charge of the lines that were refused: in a file of their own, which can be mended and imported. */
import { createWriteStream, type WriteStream } from "node:fs";
import { once } from "node:events";
import { finished } from "node:stream/promises";
import { UsageError } from "../usage-error.ts";
import type { Table } from "./detect-table.ts";
import { REASON_COLUMN } from "./scan-file.ts";

export class RejectedFile {
  readonly #path: string;
  readonly #table: Table;
  #stream: WriteStream | null = null;
  lines = 0;

  /** There is no file before a line is refused. */
  constructor(path: string, table: Table) {
    this.#path = path;
    this.#table = table;
  }

  async add(line: number, cells: readonly string[], fault: string): Promise<void> {
    this.lines++;
    const { names } = this.#table;
    if (!this.#stream) {
      this.#stream = await this.#open();
      this.#stream.write(this.#toLine([...names.filter((name) => name !== REASON_COLUMN), REASON_COLUMN]));
    }
    const given = names.flatMap((name, place) => (name === REASON_COLUMN ? [] : [cells[place] ?? ""]));
    const text = this.#toLine([...given, `line ${line}: ${fault}`]);
    if (!this.#stream.write(text)) await once(this.#stream, "drain");
  }

  async close(): Promise<void> {
    if (!this.#stream) return;
    this.#stream.end();
    await finished(this.#stream);
  }

  async #open(): Promise<WriteStream> {
    const stream = createWriteStream(this.#path);
    await once(stream, "open").catch((cause: unknown) => {
      throw new UsageError(`${this.#path}, for lines that are refused, cannot be written. Say another file with --rejected.`, {
        cause,
      });
    });
    return stream;
  }

  #toLine(cells: readonly string[]): string {
    const { delimiter } = this.#table;
    const quoted = cells.map((cell) =>
      /["\r\n]/.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell,
    );
    return `${quoted.join(delimiter)}\n`;
  }
}
