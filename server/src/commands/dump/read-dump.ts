/** In charge of taking a dump apart: every line in its place, and every count and hash compared with what was read. */
import { createHash, type Hash } from "node:crypto";
import type { z } from "zod";
import { brokenLine, DumpError } from "./dump-error.ts";
import { checkDefinition } from "./check-definition.ts";
import {
  anyHeader,
  channelEnd,
  channelLine,
  type ChannelDefinition,
  DUMP_FORMAT,
  dumpEnd,
  type DumpEnd,
  header,
  type DumpHeader,
} from "./dump-lines.ts";

type DumpPart =
  /** `line` is the JSON as it stands in the dump: numbers and the order of keys are as they were. */
  | { readonly kind: "channel"; readonly definition: ChannelDefinition; readonly line: string }
  | { readonly kind: "row"; readonly number: number; readonly values: readonly unknown[]; readonly length: number }
  | { readonly kind: "channel_end"; readonly sha256: string }
  | { readonly kind: "end"; readonly end: DumpEnd };

type Open = { readonly channelId: string; readonly hash: Hash; rows: number };

/** A dump whose first line is read. */
export type OpenDump = {
  readonly header: DumpHeader;
  /** The last part comes only when the whole dump is as it was written. @throws DumpError */
  readonly parts: AsyncGenerator<DumpPart>;
};

/** @throws DumpError when this is no dump, or one that this version does not know. */
export async function readDump(lines: AsyncGenerator<string>): Promise<OpenDump> {
  const { value: first } = await lines.next();
  const line = typeof first === "string" ? first : "";
  return { header: readHeader(line), parts: readParts(line, lines) };
}

async function* readParts(headerLine: string, lines: AsyncGenerator<string>): AsyncGenerator<DumpPart> {
  const whole = createHash("sha256").update(headerLine).update("\n");
  const total = { channels: 0, rows: 0 };
  let number = 1;
  let open: Open | null = null;
  let isOver = false;
  /** Where each id and each name stands. */
  const ids = new Map<string, number>();
  const names = new Map<string, number>();

  for await (const line of lines) {
    number++;
    if (isOver) throw brokenLine(number, "it stands behind the end of the dump");
    const value = parse(line, number);

    if (Array.isArray(value)) {
      if (!open) throw brokenLine(number, "it is a row of no channel");
      open.rows++;
      yield { kind: "row", number, values: value, length: line.length };
    } else if (isLine(value, "channel")) {
      if (open) throw brokenLine(number, `channel ${open.channelId} is not closed`);
      const { channel: definition } = check(channelLine, value, number);
      checkDefinition(definition, number);
      claim(ids, "channel_id", definition.channel_id.toLowerCase(), number);
      if (definition.name !== null) claim(names, "name", definition.name, number);
      open = { channelId: definition.channel_id, hash: createHash("sha256"), rows: 0 };
      yield { kind: "channel", definition, line };
    } else if (isLine(value, "end_of_channel")) {
      if (!open) throw brokenLine(number, "it closes a channel that is not open");
      const { sha256 } = checkEnd(check(channelEnd, value, number), open, number);
      yield { kind: "channel_end", sha256 };
      total.channels++;
      total.rows += open.rows;
      open = null;
    } else {
      if (open) throw brokenLine(number, `channel ${open.channelId} is not closed`);
      const end = check(dumpEnd, value, number);
      if (end.sha256 !== whole.digest("hex")) throw brokenLine(number, "the hash of the dump is another");
      if (end.channels !== total.channels || end.rows !== total.rows)
        throw brokenLine(number, "the counts of the dump are others");
      isOver = true;
      yield { kind: "end", end };
      continue;
    }
    whole.update(line).update("\n");
    open?.hash.update(line).update("\n");
  }
  if (!isOver) throw new DumpError(`The dump is cut off after line ${number}.`);
}

function readHeader(line: string): DumpHeader {
  const value = tryParse(line);
  const { data } = anyHeader.safeParse(value);
  if (!data) throw new DumpError("This is no dump of Kronicle: its first line is no header of one.");
  if (data.kronicle_dump > DUMP_FORMAT) {
    throw new DumpError(
      `The dump has format ${data.kronicle_dump}, and this version knows ${DUMP_FORMAT}. Use Kronicle ${data.kronicle} or newer.`,
    );
  }
  return check(header, value, 1);
}

/** @throws DumpError when an earlier channel has it. */
function claim(taken: Map<string, number>, what: string, value: string, number: number): void {
  const earlier = taken.get(value);
  if (earlier !== undefined) throw brokenLine(number, `its ${what} is that of the channel in line ${earlier}`);
  taken.set(value, number);
}

function isLine(value: unknown, kind: string): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, kind);
}

function checkEnd(end: z.infer<typeof channelEnd>, open: Open, number: number): z.infer<typeof channelEnd> {
  if (open.channelId !== end.end_of_channel) throw brokenLine(number, "it closes a channel that is not open");
  if (end.rows !== open.rows) throw brokenLine(number, `the channel has ${open.rows} rows here, and had ${end.rows}`);
  if (end.sha256 !== open.hash.digest("hex")) throw brokenLine(number, `the hash of channel ${open.channelId} is another`);
  return end;
}

function parse(line: string, number: number): unknown {
  const value = tryParse(line);
  if (value === undefined) throw brokenLine(number, "it is no JSON");
  return value;
}

function tryParse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function check<T>(shape: z.ZodType<T>, value: unknown, number: number): T {
  const { data, error } = shape.safeParse(value);
  if (data === undefined) {
    const [issue] = error?.issues ?? [];
    throw brokenLine(number, issue ? `${issue.path.join(".")}: ${issue.message}`.replace(/^: /, "") : "it is no line of a dump");
  }
  return data;
}
