/** In charge of what all texts of rows have in common: how they are read, how much they may hold, and lines that hold no row. */
import type { Fault } from "../../../problems/fault.ts";

/** How much one request may bring. */
export type RowLimits = { readonly maxRows: number; readonly maxCells: number };

export type TextRules = RowLimits & {
  /** Whether a line that holds no row keeps the others from being read. */
  readonly isStrict: boolean;
  /** Whether each row has to bring its time. */
  readonly isTimeRequired: boolean;
};

/** Reads a text as far as it is told, so that others may do something in between. */
export type RowReader = {
  /** Rows as a JSON body would have held them. */
  readonly rows: readonly unknown[];
  /** Where the next line begins. */
  readonly position: number;
  /** Reads the lines that begin before this place, or fewer where they take long. Returns what keeps the text from being read. @throws ProblemError body_too_large */
  readonly readTo: (end: number) => Fault | null;
};

/** How many characters a line that holds no row counts for: what keeps it from being read takes as long to tell. */
export const UNREADABLE_CHARACTERS = 512;

/** Stands where a row would, when a line holds none. */
export class UnreadableRow {
  readonly fault: Fault;

  constructor(fault: Fault) {
    this.fault = fault;
  }
}
