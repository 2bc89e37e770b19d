/** The bench: measures Kronicle on a native TimescaleDB, side by side with the limits beneath it, and prints a table. */
import { readFile, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { z } from "zod";
import { findRegressions } from "./find-regressions.ts";
import { openNativeServer } from "./native-server.ts";
import { TABLE_HEAD, tableRow } from "./print-results.ts";
import { type Result, result } from "./result.ts";
import { scenarios } from "./scenarios/index.ts";
import { openStage } from "./stage.ts";

const run = z.object({ machine: z.string(), database: z.string(), results: z.array(result) });

const { values } = parseArgs({
  options: {
    /** Only this scenario; may be given several times. Two that take long, scale-channels and scale-rows, run only so. */
    only: { type: "string", multiple: true },
    /** Fewer rounds of fewer requests. */
    quick: { type: "boolean", default: false },
    /** Writes the results to a file. */
    json: { type: "string" },
    /** Fails when a ratio is more than 15 % below that in this file. */
    compare: { type: "string" },
  },
});

const unknown = values.only?.find((name) => !scenarios.some((scenario) => scenario.name === name));
if (unknown !== undefined) {
  console.error(`There is no scenario ${unknown}. There are ${scenarios.map(({ name }) => name).join(", ")}.`);
  process.exit(2);
}
const before = values.compare === undefined ? null : run.parse(JSON.parse(await readFile(values.compare, "utf8")));

const size = values.quick ? { rounds: 2, share: 0.25 } : { rounds: 5, share: 1 };
const machine = `${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
await using native = await openNativeServer();
const database = await describeDatabase();
console.log(`${machine}; ${database}; ${size.rounds} rounds\n\n${TABLE_HEAD}`);

const results: Result[] = [];
for (const scenario of scenarios.filter(({ name, isOnRequest }) => values.only?.includes(name) ?? !isOnRequest)) {
  await using stage = await openStage(native, size);
  for (const row of await scenario.run(stage)) {
    results.push(row);
    console.log(tableRow(row));
  }
}

if (values.json !== undefined) await writeFile(values.json, JSON.stringify({ machine, database, results }, null, 2));
const regressions = before ? findRegressions(before.results, results) : [];
for (const sentence of regressions) console.error(sentence);
process.exitCode = regressions.length > 0 ? 1 : 0;

async function describeDatabase(): Promise<string> {
  await using stage = await openStage(native, size);
  await stage.query("create extension if not exists timescaledb");
  const [row] = await stage.query(`
    select format('PostgreSQL %s, TimescaleDB %s (%s), shared_buffers %s', split_part(current_setting('server_version'), ' ', 1),
      (select e.extversion from pg_extension e where e.extname = 'timescaledb'), current_setting('timescaledb.license'),
      current_setting('shared_buffers')) as text
  `);
  return String(row?.["text"]);
}
