/** In charge of `kronicle import`: a file is read to learn what it holds, to see which lines are bad, and at last to be stored. */
import { createInterface } from "node:readline/promises";
import type { Channel } from "../../channel/channel.ts";
import type { ChannelDefinition } from "../../channel/channel-definition.ts";
import { defineChannel } from "../../channel/define-channel.ts";
import { createWriter } from "../../create-writer.ts";
import { KronicleError } from "../../errors/kronicle-error.ts";
import type { Writer } from "../../lanes/writer.ts";
import { findChannel, readToken } from "../connection.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";
import { describePlan, type Plan } from "./describe-plan.ts";
import { DENSITIES, type Density, type ImportOptions, readImportOptions } from "./import-options.ts";
import { planColumns } from "./plan-columns.ts";
import { RejectedFile } from "./rejected-file.ts";
import { readRows, scanFile, timeText, valueText, widthFault } from "./scan-file.ts";
import { createStore, type FileLine, Pieces } from "./store-rows.ts";
import { type Outcome, toRow } from "./to-row.ts";

const UUID_LIKE = /^[\da-f-]{36}$/i;
const DAY_MS = 86_400_000;
/** Rows a day beyond which a density suits; see `density` in the contract. */
const DENSE_ROWS = 2_880;
const NORMAL_ROWS = 24;

/**
 * Returns the exit code: 0 when all lines are stored, 1 when some were refused.
 *
 * @throws UsageError for what the caller can mend, and what the client throws.
 */
export async function importFile(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = readImportOptions(args);
  const writer = createWriter({ baseUrl: options.url, token: readToken(terminal.env, "writer") });
  const channel = await findChannel(writer, options.channel);
  if (!channel && UUID_LIKE.test(options.channel)) {
    throw new UsageError(`There is no channel ${options.channel} at ${options.url}. A name makes a new one.`);
  }
  const plan = await makePlan(options, channel);
  terminal.stderr.write(describePlan(options, plan, channel));
  if (options.dryRun || !(await isWanted(options, terminal))) return 0;
  return store(options, plan, { writer, channel, terminal });
}

async function makePlan(options: ImportOptions, channel: Channel | null): Promise<Plan> {
  const scanned = await scanFile(options);
  const readTime = scanned.times.resolve(options.zone);
  const { columns, empty } = planColumns(options.file, scanned, options, channel);
  const plan = { scanned, columns, empty, readTime, refused: 0, first: "", last: "" };
  for await (const { cells } of readRows({ ...options, ...scanned })) {
    const outcome = readLine(options, plan, cells);
    if ("fault" in outcome) {
      plan.refused++;
      continue;
    }
    const { time } = outcome.row;
    if (plan.first === "" || Date.parse(time) < Date.parse(plan.first)) plan.first = time;
    if (plan.last === "" || Date.parse(time) > Date.parse(plan.last)) plan.last = time;
  }
  return { ...plan, density: channel ? storedDensity(channel) : (options.density ?? densityOf(plan, scanned.rows)) };
}

/** Of one that is not known here, the chunks may be as small as any. */
function storedDensity(channel: Channel): Density {
  return DENSITIES.find((known) => known === channel.density) ?? "dense";
}

function densityOf({ first, last }: { readonly first: string; readonly last: string }, rows: number): Density {
  const days = Math.max(1, (Date.parse(last) - Date.parse(first)) / DAY_MS);
  if (rows / days > DENSE_ROWS) return "dense";
  return rows / days > NORMAL_ROWS ? "normal" : "sparse";
}

function readLine(
  options: ImportOptions,
  { scanned, columns, readTime }: Pick<Plan, "scanned" | "columns" | "readTime">,
  cells: readonly string[],
): Outcome {
  const fault = widthFault(scanned.table, cells);
  if (fault !== null) return { fault };
  return toRow(columns, timeText(scanned.timeColumns, cells), readTime, (place) => valueText(options, cells[place]));
}

/** @throws UsageError when nobody can be asked, and --yes is missing. */
async function isWanted({ yes, channel }: ImportOptions, { stdin, stderr }: Terminal): Promise<boolean> {
  if (yes) return true;
  if (!stdin.isTTY || !stderr.isTTY) {
    throw new UsageError("Nothing was stored. Add --yes to store it, or --dry-run to only look.");
  }
  const question = createInterface({ input: stdin, output: stderr });
  try {
    return /^y(?:es)?$/i.test(await question.question(`Store it in "${channel}"? [y/N] `));
  } finally {
    question.close();
  }
}

type Destination = { readonly writer: Writer; readonly channel: Channel | null; readonly terminal: Terminal };

async function store(options: ImportOptions, plan: Plan, { writer, channel, terminal }: Destination): Promise<number> {
  const definition = defineChannel(Object.fromEntries(plan.columns.map(({ name, type }) => [name, type])));
  const id = channel?.channel_id ?? (await createChannel(writer, definition, options, plan)).channel_id;
  const send = createStore({ channel: writer.channel(id, definition), id, definition, onSameTime: options.onSameTime });
  const rejected = new RejectedFile(options.rejected, plan.scanned.table);
  const total = { stored: 0, ignored: 0, replayed: 0, unnamed: 0 };
  const progress = progressOn(terminal, plan.scanned.rows);

  const storePiece = async (lines: readonly FileLine[]) => {
    if (lines.length === 0) return;
    const outcome = await send(lines);
    for (const { line, fault } of outcome.refused) await rejected.add(line.line, line.cells, fault);
    total.stored += outcome.stored;
    total.ignored += outcome.ignored;
    total.replayed += outcome.isReplay ? outcome.stored : 0;
    total.unnamed += outcome.unnamed;
    progress.show(total.stored);
  };
  try {
    const pieces = new Pieces(plan.density);
    for await (const { line, cells } of readRows({ ...options, ...plan.scanned })) {
      const outcome = readLine(options, plan, cells);
      if ("fault" in outcome) await rejected.add(line, cells, outcome.fault);
      else await storePiece(pieces.add({ line, cells, row: outcome.row }) ?? []);
    }
    await storePiece(pieces.take());
    progress.end();
  } catch (error) {
    progress.end();
    if (error instanceof KronicleError) {
      terminal.stderr.write(
        `${total.stored} rows are stored. Start the same again within a day: it goes on where it broke off.\n`,
      );
    }
    throw error;
  } finally {
    await rejected.close();
  }
  return summarize(options, terminal, { ...total, refused: rejected.lines });
}

function createChannel(writer: Writer, schema: ChannelDefinition, { channel }: ImportOptions, { columns, density }: Plan) {
  const columnInfo = Object.fromEntries(columns.flatMap(({ name, unit }) => (unit === undefined ? [] : [[name, { unit }]])));
  return writer.upsertChannel({ name: channel, schema, density, columnInfo });
}

function summarize(
  { rejected }: ImportOptions,
  { stdout }: Terminal,
  {
    stored,
    ignored,
    replayed,
    refused,
    unnamed,
  }: Readonly<Record<"stored" | "ignored" | "replayed" | "refused" | "unnamed", number>>,
): number {
  const already = replayed === 0 ? "" : ` (${replayed} of them were already)`;
  const left = ignored === 0 ? "" : ` Ignored, for the channel has their times: ${ignored}.`;
  const bad = refused === 0 ? "" : ` Refused lines: ${refused}, in ${rejected}.`;
  const more = unnamed === 0 ? "" : ` The service refused ${unnamed} more without saying which.`;
  stdout.write(`Rows stored: ${stored}${already}.${left}${bad}${more}\n`);
  return refused + unnamed === 0 ? 0 : 1;
}

/** On a terminal, a line that is written over; elsewhere nothing can move. */
function progressOn({ stderr }: Terminal, rows: number): { readonly show: (stored: number) => void; readonly end: () => void } {
  if (!stderr.isTTY) return { show: () => {}, end: () => {} };
  return {
    show: (stored) => stderr.write(`\r${Math.min(100, Math.round((stored / rows) * 100))} % | ${stored} rows`),
    end: () => stderr.write("\n"),
  };
}
