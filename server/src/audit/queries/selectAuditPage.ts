import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

const auditEntry = z.object({
  /** A bigint, as text. */
  id: z.string(),
  at: z.string(),
  actor: z.string().nullable(),
  action: z.string(),
  target: z.string().nullable(),
  request_id: z.string().nullable(),
  times: z.int(),
  details: z.record(z.string(), z.unknown()),
});

export type StoredAuditEntry = z.infer<typeof auditEntry>;

export type AuditFilter = {
  readonly actor: string | null;
  readonly action: string | null;
  readonly target: string | null;
  /** RFC 3339. */
  readonly from: string | null;
  readonly to: string | null;
};

/** Newest first, before this one. */
export function selectAuditPage(
  connection: CommonQueryMethods,
  { actor, action, target, from, to }: AuditFilter,
  before: string | null,
  limit: number,
): Promise<readonly StoredAuditEntry[]> {
  const conditions = [
    sql.fragment`true`,
    ...(before === null ? [] : [sql.fragment`e.id < ${before}::bigint`]),
    ...(actor === null ? [] : [sql.fragment`e.actor = ${actor}::text`]),
    ...(action === null ? [] : [sql.fragment`e.action = ${action}::text`]),
    ...(target === null ? [] : [sql.fragment`e.target = ${target}::text`]),
    ...(from === null ? [] : [sql.fragment`e.at >= ${from}::timestamptz`]),
    ...(to === null ? [] : [sql.fragment`e.at < ${to}::timestamptz`]),
  ];
  return connection.any(sql.type(auditEntry)`
    select
      e.id::text as id,
      kronicle.rfc3339(e.at) as at,
      e.actor,
      e.action,
      e.target,
      e.request_id,
      e.times,
      e.details
    from kronicle.audit_entry e
    where ${sql.join(conditions, sql.fragment` and `)}
    order by e.id desc
    limit ${limit}::integer
  `);
}
