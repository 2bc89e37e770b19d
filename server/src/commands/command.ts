import type { ParseArgsOptionsConfig } from "node:util";

/** What was given, by the name of the option; `args` are the words after the name of the command. */
export type Given = {
  readonly env: NodeJS.ProcessEnv;
  readonly args: readonly string[];
  readonly one: (option: string) => string | null;
  readonly all: (option: string) => readonly string[] | null;
};

export type Command = {
  /** What stands after the name of the command, such as `KEY_ID [--overlap-seconds N]`. */
  readonly usage: string;
  readonly summary: string;
  readonly options: ParseArgsOptionsConfig;
  /** How many words it takes. */
  readonly words: number;
  /** Returns what goes to stdout. */
  readonly run: (given: Given) => Promise<string>;
};
