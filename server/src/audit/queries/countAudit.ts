import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

type Refusal = {
  readonly actor: string | null;
  readonly action: "sign_in_failed" | "sign_in_throttled" | "forbidden";
  readonly target: string | null;
  readonly requestId: string;
};

/** Refusals of one kind are summed by the minute. */
export async function countAudit(connection: CommonQueryMethods, { actor, action, target, requestId }: Refusal): Promise<void> {
  await connection.query(sql.type(z.object({}))`
    select kronicle.count_audit(${actor}::text, ${action}::text, ${target}::text, ${requestId}::text)
  `);
}
