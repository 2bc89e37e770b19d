import type { components } from "../schema.generated.ts";

/**
 * One single fault of a request: where it is (`pointer` into the body, or the name of the `parameter`), and what is wrong.
 *
 * @see `Fault` in the contract.
 *
 * @example
 * ```ts
 * import type { Fault } from "@kronicle/client";
 *
 * const describe = (fault: Fault) => `${fault.pointer ?? fault.parameter ?? "request"}: ${fault.detail}`;
 * console.log(describe({ pointer: "/rows/17/temperature", code: "not_a_number", detail: "expected a finite number" }));
 * ```
 */
export type Fault = Readonly<components["schemas"]["Fault"]>;
