/** What somebody who waits wants to hear of. */
export type Progress = {
  readonly start: (totalRows: number) => void;
  /** So many rows more are done. */
  readonly advance: (rows: number) => void;
};
