/**
 * Imports a CSV file, with a progress bar. Its column `time` holds RFC 3339 with an offset; the others become those of the channel.
 *
 *     KRONICLE=http://127.0.0.1:8000 WRITER_KEY=krn_writer_... node import-csv/main.ts weather.csv --name weather --density sparse
 *
 * An import that broke off is started again: within a day, what is stored already is not stored again. Its columns are told from
 * the first lines: numbers where all are numbers, and text elsewhere.
 */
import { stat } from "node:fs/promises";
import { parseArgs } from "node:util";
import { createWriter, KronicleError } from "@kronicle/client";
import { type Density, importFile } from "./import-file.ts";
import { showProgress } from "./show-progress.ts";

const DENSITIES: readonly Density[] = ["dense", "normal", "sparse"];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { name: { type: "string" }, density: { type: "string", default: "normal" } },
});
const [file] = positionals;
const density = DENSITIES.find((known) => known === values.density);
const { KRONICLE = "http://127.0.0.1:8000", WRITER_KEY = "" } = process.env;

if (file === undefined || values.name === undefined || density === undefined) {
  console.error("Usage: node import-csv/main.ts FILE --name NAME [--density dense|normal|sparse]");
  process.exit(2);
}

const progress = showProgress(process.stderr, (await stat(file)).size);
const complaints: string[] = [];
try {
  const { stored, replayed, refused } = await importFile(createWriter({ baseUrl: KRONICLE, token: WRITER_KEY }), {
    file,
    name: values.name,
    density,
    onProgress: progress.update,
    onFault: (line, column, detail) => complaints.push(`Line ${line}, ${column}: ${detail}`),
  });
  progress.stop();
  console.log(`${stored} rows are stored, ${replayed} of them were already. ${refused} were refused.`);
  process.exitCode = refused === 0 ? 0 : 1;
} catch (error) {
  progress.stop();
  if (!(error instanceof KronicleError)) throw error;
  complaints.push(`${error.message} Start the same import again: it goes on where it broke off.`);
  process.exitCode = 1;
}
for (const complaint of complaints) console.error(complaint);
