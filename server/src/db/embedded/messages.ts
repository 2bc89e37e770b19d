/** What the engine and its worker thread say to each other. */
export type EngineRequest =
  | {
      readonly id: number;
      readonly kind: "query";
      readonly role: string | null;
      readonly text: string;
      readonly values: readonly unknown[];
    }
  | { readonly id: number; readonly kind: "close" };

export type EngineResult = {
  readonly rows: Record<string, unknown>[];
  readonly fields: readonly { readonly name: string; readonly dataTypeId: number }[];
  readonly rowCount: number;
};

/** The fields of a PostgreSQL error that anyone asks for. */
export type EngineFailure = {
  readonly message: string;
  readonly code?: string;
  readonly table?: string;
  readonly constraint?: string;
};

export type EngineResponse =
  { readonly id: number; readonly result: EngineResult } | { readonly id: number; readonly failure: EngineFailure };

/** The first word of the worker: the database is open, or why not. */
export type EngineOpening =
  { readonly opened: true } | { readonly opened: false; readonly refusal: string; readonly owner: DirectoryOwner | null };

/** The process that uses a directory, and where it listens once it does. */
export type DirectoryOwner = { readonly pid: number; readonly url: string | null };
