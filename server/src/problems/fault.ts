/** One thing that is wrong with a request: where, what for machines, what for people. */
export type Fault = {
  /** JSON Pointer (RFC 6901) into the body. */
  readonly pointer?: string;
  /** Name of a query, path or header parameter. */
  readonly parameter?: string;
  readonly code: string;
  readonly detail: string;
};

/** No answer lists more. */
export const MAX_FAULTS = 100;
