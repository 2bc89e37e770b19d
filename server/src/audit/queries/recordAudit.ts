import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

type AuditAction =
  | "signed_in"
  | "password_changed"
  | "key_created"
  | "key_rotated"
  | "key_revoked"
  | "signing_key_rotated"
  | "user_created"
  | "user_changed"
  | "user_deleted"
  | "channels_restored";

export type AuditEntry = {
  /** The id of a principal; null when the command line did it. */
  readonly actor: string | null;
  readonly action: AuditAction;
  readonly target: string;
  readonly requestId: string | null;
  /** Never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
};

/** In the transaction of what it tells about, so that neither is there without the other. */
export async function recordAudit(
  transaction: CommonQueryMethods,
  { actor, action, target, requestId, details = {} }: AuditEntry,
): Promise<void> {
  await transaction.query(sql.type(z.object({}))`
    select kronicle.record_audit(
      ${actor}::text, ${action}::text, ${target}::text, ${requestId}::text, ${JSON.stringify(details)}::jsonb
    )
  `);
}
