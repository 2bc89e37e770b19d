import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { OPERATIONS } from "../contract/document.ts";
import { useTestServer } from "../support/use-test-server.ts";
import { type Cell, type Credentials, measureRow, obtainCredentials } from "./matrix/measure-row.ts";
import { expectedCell, ROWS } from "./matrix/rows.ts";
import { toMarkdown } from "./matrix/to-markdown.ts";

const server = useTestServer();
let credentials: Credentials;
beforeAll(async () => {
  credentials = await obtainCredentials(server);
}, 120_000);

test("the matrix has a row for each operation, and no other", () => {
  expect(Object.keys(ROWS).toSorted()).toEqual(OPERATIONS.map(({ id }) => id).toSorted());
});

test("the matrix and the contract ask for the same roles", () => {
  const names = { null: "nothing", reader: "reader", writer: "writer", admin: "admin" };
  const asked = OPERATIONS.map(({ id, role }) => [id, id === "changePassword" ? "user" : names[role ?? "null"]]);
  expect(OPERATIONS.map(({ id }) => [id, ROWS[id]?.needs])).toEqual(asked);
});

describe("who may call", () => {
  const byName = (cells: readonly Cell[], value: "measured" | "expected") =>
    Object.fromEntries(cells.map((cell) => [`${cell.principal.name}, ${cell.target} channel`, cell[value]]));

  test.each(OPERATIONS.map((operation) => [operation.id, operation] as const))(
    "%s, and with what answer",
    async (id, operation) => {
      const row = ROWS[id];
      if (!row) throw new Error(`the operation ${id} has no row in the matrix`);
      const cells = await measureRow(server, operation, row, credentials);
      expect(byName(cells, "measured")).toEqual(byName(cells, "expected"));
    },
    120_000,
  );
});

test("the page on security shows this matrix", async () => {
  const page = await readFile(new URL("../../docs/security.md", import.meta.url), "utf8");
  const table = toMarkdown(({ id }, principal, target) => {
    const row = ROWS[id];
    return row ? expectedCell(row, principal, target) : "no row";
  });
  const withoutPadding = (text: string) => text.replaceAll(/ +/g, " ").replaceAll(/-{3,}/g, "---");
  expect(withoutPadding(page)).toContain(withoutPadding(table));
});
