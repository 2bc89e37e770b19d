/** In charge of commands of the client, run in this process. */
import { Readable, Writable } from "node:stream";
import type { Terminal } from "../../../client/src/commands/terminal.ts";
import { KEYS } from "../../support/server.ts";

type Command = (args: readonly string[], terminal: Terminal) => Promise<number>;
type Outcome = { readonly code: number | null; readonly stdout: string; readonly stderr: string; readonly error: unknown };

/** Keys of all lanes are in the environment. What a command throws is the `error`. */
export async function runCommand(
  command: Command,
  args: readonly string[],
  env: Terminal["env"] = KEY_VARIABLES,
): Promise<Outcome> {
  const [stdout, stderr] = [collect(), collect()];
  const stdin = Readable.from([]);
  let code: number | null = null;
  let error: unknown = null;
  try {
    code = await command(args, { env, stdin, stdout: stdout.stream, stderr: stderr.stream });
  } catch (thrown) {
    error = thrown;
  }
  return { code, stdout: stdout.text(), stderr: stderr.text(), error };
}

const KEY_VARIABLES = { KRONICLE_READER_KEY: KEYS.reader, KRONICLE_WRITER_KEY: KEYS.writer };

function collect() {
  const pieces: string[] = [];
  const stream = new Writable({
    write: (piece, _encoding, done) => {
      pieces.push(String(piece));
      done();
    },
  });
  return { stream, text: () => pieces.join("") };
}
