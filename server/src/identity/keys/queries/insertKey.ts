import { type CommonQueryMethods, sql } from "slonik";
import type { ApiKey } from "../../../access/api-key.ts";
import { keyFields, type KeyInfo, keyInfo } from "./key-info.ts";

export type KeyLimits = {
  readonly label: string | null;
  /** Ids of the channels it is limited to; null: all. */
  readonly channels: readonly string[] | null;
  /** Tags that a channel needs for it, as `key` or `key:value`; null: none. */
  readonly tags: readonly string[] | null;
  /** RFC 3339; null: never. */
  readonly expiresAt: string | null;
};

export const UNLIMITED: KeyLimits = { label: null, channels: null, tags: null, expiresAt: null };

/** Stores a key by its hash. */
export function insertKey(
  connection: CommonQueryMethods,
  { keyId, role, secretHash }: ApiKey,
  { label, channels, tags, expiresAt }: KeyLimits,
): Promise<KeyInfo> {
  return connection.one(sql.type(keyInfo)`
    insert into kronicle.api_key as k (key_id, lane, secret_hash, label, channels, tags, expires_at)
    values (
      ${keyId},
      ${role},
      ${sql.binary(secretHash)},
      ${label},
      ${channels && JSON.stringify(channels)}::jsonb,
      ${tags && JSON.stringify(tags)}::jsonb,
      ${expiresAt}::timestamptz
    )
    returning ${keyFields}
  `);
}
