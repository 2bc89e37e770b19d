import type { CommonQueryMethods } from "slonik";
import { EXIT, OperatorError } from "../config/operator-error.ts";
import { durabilityFaults } from "./durability-faults.ts";
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
