/** In charge of what the contract leaves to the configuration: who may use an operation that need not be guarded. */
import type { Config } from "../config/config.ts";
import type { Contract } from "./contract.ts";

/** Closed is what happens by itself: each step behind asks for the role, unless it is taken away here. */
export function applyConfiguration(contract: Contract, { metrics }: Pick<Config, "metrics">): Contract {
  if (metrics === "keys") return contract;
  const operations = contract.operations.flatMap((operation) => {
    if (!operation.mayBeOpen) return [operation];
    return metrics === "open" ? [{ ...operation, role: null }] : [];
  });
  return { ...contract, operations };
}
