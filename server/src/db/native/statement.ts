/**
 * In charge of one statement on its way to the server and back: PostgreSQL's extended protocol
 * (https://www.postgresql.org/docs/17/protocol-flow.html), in one write, without what the session has been told before.
 */
import { type Connection, type DatabaseError, type Submittable, types } from "pg";
import { parameterText } from "../parameter-text.ts";
import type { Column, Preparation } from "./prepared-statements.ts";

export type StatementResult = {
  readonly command: string;
  readonly rowCount: number;
  readonly columns: readonly Column[];
  readonly rows: readonly Record<string, unknown>[];
};

/** What pg calls as the answers come in; the rest of its messages are of no interest, or cannot come. */
type Answered = {
  readonly handleRowDescription: (message: { readonly fields: readonly Column[] }) => void;
  readonly handleDataRow: (message: { readonly fields: readonly (string | null)[] }) => void;
  readonly handleCommandComplete: (message: { readonly text: string }) => void;
  readonly handleEmptyQuery: () => void;
  readonly handleReadyForQuery: () => void;
  readonly handleError: (error: Error | DatabaseError) => void;
};

/** @returns what goes to pg's `Client.query`, and the result. */
export function createStatement(
  text: string,
  values: readonly unknown[],
  { name, columns: known, outdated }: Preparation,
): { readonly statement: Submittable; readonly result: Promise<StatementResult> } {
  const { promise, resolve, reject } = Promise.withResolvers<StatementResult>();
  const parameters = values.map(toParameter);
  const rows: Record<string, unknown>[] = [];
  let columns = known ?? [];
  let parsers = columns.map(parserOf);
  let completion = "";

  const statement: Submittable & Answered = {
    submit: (connection) =>
      inOneWrite(connection, () => {
        if (outdated !== null) connection.close({ type: "S", name: outdated }, false);
        if (known === null) connection.parse({ name, text, types: [] }, false);
        connection.bind({ statement: name, values: parameters }, false);
        if (known === null) connection.describe({ type: "P", name: "" }, false);
        connection.execute(null, false);
        connection.sync();
      }),
    handleRowDescription: ({ fields }) => {
      columns = fields;
      parsers = fields.map(parserOf);
    },
    handleDataRow: ({ fields }) => {
      const row: Record<string, unknown> = {};
      for (const [index, { name: column }] of columns.entries()) {
        const value = fields[index] ?? null;
        row[column] = value === null ? null : parsers[index]?.(value);
      }
      rows.push(row);
    },
    handleCommandComplete: (message) => {
      completion = message.text;
    },
    handleEmptyQuery: () => {},
    handleReadyForQuery: () => {
      const [command = ""] = completion.split(" ", 1);
      resolve({ command, rowCount: Number(/\d+$/.exec(completion)?.[0] ?? 0), columns, rows });
    },
    handleError: reject,
  };
  return { statement, result: promise };
}

/** One system call instead of five. */
function inOneWrite({ stream }: Connection, write: () => void): void {
  stream.cork();
  try {
    write();
  } finally {
    stream.uncork();
  }
}

function parserOf({ dataTypeID }: Column): (text: string) => unknown {
  return types.getTypeParser(dataTypeID, "text");
}

/** What pg sends in binary form is a Buffer; all else it sends as text. */
function toParameter(value: unknown): string | Buffer | null {
  const text = parameterText(value);
  return text instanceof Uint8Array ? Buffer.from(text.buffer, text.byteOffset, text.byteLength) : text;
}
