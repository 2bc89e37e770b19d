/** In charge of the settings of a real server without which "stored" would be a lie. */
import type { CommonQueryMethods } from "slonik";
import { EXIT, OperatorError } from "../config/operator-error.ts";
import { selectDurability } from "./queries/selectDurability.ts";

/** @throws OperatorError unless what this login commits is on disk when it is acknowledged. */
export async function requireDurability(connection: CommonQueryMethods): Promise<void> {
  const { login, ...settings } = await selectDurability(connection);
  const faults = durabilityFaults(settings);
  if (faults.length === 0) return;
  const lines = faults.map(({ found, advice }) => `  ${found}. ${advice}`);
  throw new OperatorError(
    EXIT.config,
    `The database server would lose rows that were acknowledged, as ${login} finds it:\n${lines.join("\n")}`,
  );
}

/** What PostgreSQL says for each, `on` or `off`; the last has more ways of being on. */
type Durability = {
  readonly fsync: string;
  readonly full_page_writes: string;
  readonly synchronous_commit: string;
};

type DurabilityFault = { readonly found: string; readonly advice: string };

const FAULTS = {
  fsync: {
    found: "fsync is off: a crash of its machine can lose rows and break the database",
    advice: "Set fsync = on for the server, and reload it.",
  },
  full_page_writes: {
    found: "full_page_writes is off: a crash of its machine can break pages of the database",
    advice: "Set full_page_writes = on for the server, and reload it.",
  },
  synchronous_commit: {
    found: "synchronous_commit is off: rows are acknowledged before they are on disk",
    advice: "Set synchronous_commit = on where it was turned off: for the server, by ALTER DATABASE or by ALTER ROLE.",
  },
} as const satisfies Record<keyof Durability, DurabilityFault>;

/** Each setting that lets acknowledged rows get lost, with what to do. */
export function durabilityFaults(settings: Durability): DurabilityFault[] {
  return (["fsync", "full_page_writes", "synchronous_commit"] as const)
    .filter((name) => settings[name] === "off")
    .map((name) => FAULTS[name]);
}
