/** In charge of what changing a definition needs: the stored labels, and a taken name told as such. */
import { z } from "zod";
import { SQLSTATE, sqlState } from "../db/sql-state.ts";
import { ProblemError } from "../problems/problem-error.ts";

/** Not z.record(), which would lose a key __proto__. */
const jsonObject = z.custom<Readonly<Record<string, unknown>>>((value) => typeof value === "object" && value !== null);

const labels = z.looseObject({ column_info: jsonObject, metadata: jsonObject, tags: jsonObject });

export type StoredLabels = z.infer<typeof labels>;

/** @param nameOf the name that a column has by now. */
export function readLabels(
  { definition }: { readonly definition: string },
  nameOf: (column: string) => string = (column) => column,
): StoredLabels {
  const stored = labels.parse(JSON.parse(definition));
  const columnInfo = Object.entries(stored.column_info).map(([column, info]) => [nameOf(column), info] as const);
  return { ...stored, column_info: Object.fromEntries(columnInfo) };
}

/** @throws ProblemError channel_exists when a constraint says that the name is taken. */
export async function orChannelExists<T>(change: Promise<T>): Promise<T> {
  try {
    return await change;
  } catch (error) {
    if (sqlState(error) !== SQLSTATE.uniqueViolation) throw error;
    throw new ProblemError("channel_exists", "Another channel has this name. Choose another.", { cause: error });
  }
}
