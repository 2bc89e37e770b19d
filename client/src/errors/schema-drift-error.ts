import type { ColumnDrift } from "./column-drift.ts";
import { KronicleError } from "./kronicle-error.ts";

/**
 * The channel does not fit its definition, so that rows would not be what the compiler was told. `columns` says where they differ.
 *
 * It is thrown before the first append of a definition to a channel, and by every read. Making definitions anew with
 * `npx kronicle typegen` mends it.
 *
 * @example
 * ```ts
 * import { createKronicle, defineChannel, SchemaDriftError } from "@kronicle/client";
 *
 * const kronicle = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_reader_..." });
 * const outdated = defineChannel({ temperature: "str" });
 * try {
 *   await kronicle.reader.channel("6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10", outdated).rows().page();
 * } catch (error) {
 *   if (!(error instanceof SchemaDriftError)) throw error;
 *   for (const { name, defined, stored } of error.columns) console.error(name, defined, stored);
 * }
 * ```
 */
export class SchemaDriftError extends KronicleError {
  override name = "SchemaDriftError";

  /** The columns that differ, of which there is at least one. */
  declare readonly columns: readonly ColumnDrift[];

  /** The client makes these; a test of a program may make one as well. */
  constructor(columns: readonly ColumnDrift[]) {
    super(`The channel does not fit its definition: ${columns.map(describe).join("; ")}.`);
    this.columns = columns;
  }
}

function describe({ name, defined, stored }: ColumnDrift): string {
  return `"${name}" is defined as ${defined ?? "nothing"} and stored as ${stored ?? "nothing"}`;
}
