/** A row on its way, from `write` until it is stored or given back. */
export type BufferedRow<Row> = {
  /** As the caller gave it. */
  readonly row: Row;
  readonly json: string;
  readonly bytes: number;
  /** `sent` until the answer is known, `settled` when it is stored or given back. */
  state: "waiting" | "sent" | "settled";
};
