import type { components } from "../schema.generated.ts";

/**
 * A key to be made.
 *
 * @see `KeyDefinition` in the contract.
 *
 * @example
 * ```ts
 * import type { NewKey } from "@kronicle/client";
 *
 * const gateway: NewKey = { lane: "writer", label: "gateway in the attic", channels: ["6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10"] };
 * ```
 */
export type NewKey = {
  /** The highest lane that it may use. */
  readonly lane: components["schemas"]["Role"];
  /** What the key is for, for people. Default: none. */
  readonly label?: string | undefined;
  /** Ids of the channels that it is limited to; a key of the admin's lane has no limits. Default: all. */
  readonly channels?: readonly string[] | undefined;
  /** Tags that a channel needs to exist for it, each as `key` or `key:value`; for the reader's lane only. Default: none. */
  readonly tags?: readonly string[] | undefined;
  /** When it ends. Default: never. */
  readonly expiresAt?: Date | string | undefined;
};
