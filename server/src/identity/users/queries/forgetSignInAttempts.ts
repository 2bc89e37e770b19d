import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

const nothing = z.object({});

/** Of this account, or of all accounts whose quarter of an hour is over. */
export async function forgetSignInAttempts(connection: CommonQueryMethods, accountHash: Buffer | "expired"): Promise<void> {
  await connection.query(
    accountHash === "expired"
      ? sql.type(nothing)`delete from kronicle.sign_in_attempt a where a.since < now() - interval '15 minutes'`
      : sql.type(nothing)`delete from kronicle.sign_in_attempt a where a.account_hash = ${sql.binary(accountHash)}`,
  );
}
