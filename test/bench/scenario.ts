import type { Result } from "./result.ts";
import type { Stage } from "./stage.ts";

/** One row of the table, or a few that belong together. */
export type Scenario = {
  readonly name: string;
  /** It takes long, and runs only when it is named. */
  readonly isOnRequest?: true;
  readonly run: (stage: Stage) => Promise<readonly Result[]>;
};
