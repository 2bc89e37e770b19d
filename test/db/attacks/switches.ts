/** In charge of the ways in which SQL may try to become somebody else, and of where they work: what separate logins are for. */
import type { Deployment } from "./deployments.ts";

export type Switch = {
  /** With `{owner}` for whoever owns the tables, and `{other}` for the role of another lane. */
  readonly sql: string;
  /** Nowhere else: there it is refused, or changes nothing. */
  readonly worksWith: readonly Deployment["name"][];
};

export const SWITCHES: readonly Switch[] = [
  { sql: "set role none", worksWith: ["one login"] },
  { sql: "set role {owner}", worksWith: ["one login"] },
  { sql: "set role {other}", worksWith: ["one login"] },
  { sql: "set local role {owner}", worksWith: ["one login"] },
  { sql: "set local role {other}", worksWith: ["one login"] },
  { sql: "reset role", worksWith: [] },
  { sql: "reset all", worksWith: [] },
  { sql: "set session authorization {owner}", worksWith: ["one login", "embedded"] },
  { sql: "set session authorization {other}", worksWith: ["embedded"] },
  { sql: "set session authorization default", worksWith: [] },
  { sql: "reset session authorization", worksWith: [] },
  { sql: "select set_config('role', 'none', true)", worksWith: ["one login"] },
  { sql: "select set_config('role', '{owner}', true)", worksWith: ["one login"] },
  { sql: "select set_config('role', '{other}', false)", worksWith: ["one login"] },
  { sql: "select set_config('session_authorization', '{owner}', true)", worksWith: ["one login", "embedded"] },
  { sql: "select set_config('session_authorization', '{other}', true)", worksWith: ["embedded"] },
  { sql: "do $$ begin set local role {owner}; end $$", worksWith: ["one login"] },
  { sql: "grant {owner} to current_user", worksWith: [] },
  { sql: "grant {other} to current_user", worksWith: [] },
];
