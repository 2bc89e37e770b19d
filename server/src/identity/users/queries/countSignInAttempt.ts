import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

const counted = z.object({ attempts: z.int(), seconds_left: z.int() });

/** Counts an attempt before it is made, so that no two at once slip through. Attempts are forgotten a quarter of an hour after the first. */
export function countSignInAttempt(connection: CommonQueryMethods, accountHash: Buffer) {
  return connection.one(sql.type(counted)`
    insert into kronicle.sign_in_attempt as a (account_hash, attempts, since)
    values (${sql.binary(accountHash)}, 1, now())
    on conflict (account_hash) do update
    set
      attempts = case when a.since < now() - interval '15 minutes' then 1 else least(a.attempts, 1000000) + 1 end,
      since = case when a.since < now() - interval '15 minutes' then now() else a.since end
    returning a.attempts, greatest(1, ceil(extract(epoch from a.since + interval '15 minutes' - now())))::integer as seconds_left
  `);
}
