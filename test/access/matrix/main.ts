/** Runs the matrix and prints it as it was measured: `npm run matrix`. Fails when a cell is not as expected. */
import { OPERATIONS } from "../../contract/document.ts";
import { startTestServer } from "../../support/server.ts";
import { type Cell, measureRow, obtainCredentials } from "./measure-row.ts";
import { ROWS } from "./rows.ts";
import { toMarkdown } from "./to-markdown.ts";

await using server = await startTestServer();
const credentials = await obtainCredentials(server);
const measured = new Map<string, readonly Cell[]>();
for (const operation of OPERATIONS) {
  const row = ROWS[operation.id];
  if (row) measured.set(operation.id, await measureRow(server, operation, row, credentials));
}

const table = toMarkdown(({ id }, principal, target) => {
  const cell = measured.get(id)?.find((candidate) => candidate.principal === principal && candidate.target === target);
  if (!cell) return "**no row**";
  return cell.measured === cell.expected ? cell.measured : `**${cell.measured}, not ${cell.expected}**`;
});
const cells = [...measured.values()].flat();
const unexpected = cells.filter(({ measured: found, expected }) => found !== expected).length;
const missing = OPERATIONS.length - measured.size;
process.stdout.write(`${table}\n\n${cells.length} cells, ${unexpected} not as expected; ${missing} operations without a row.\n`);
process.exitCode = unexpected + missing === 0 ? 0 : 1;
