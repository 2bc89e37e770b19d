import type { DatabasePool } from "slonik";
import { EXIT, OperatorError } from "../config/operator-error.ts";
import { isReadOnly } from "./queries/isReadOnly.ts";
import { UnreachableError } from "./errors.ts";

/** @throws OperatorError when the database is a replica; UnreachableError when it cannot be asked. */
export async function assertPrimary(pool: DatabasePool, setting: string): Promise<void> {
  const readOnly = await isReadOnly(pool).catch((error: unknown) => {
    throw new UnreachableError(setting, error);
  });
  if (!readOnly) return;
  throw new OperatorError(
    EXIT.config,
    `The database of ${setting} is a replica, which takes no writes. Name its primary; reads can go to replicas by KRONICLE_READER_DATABASE_URL.`,
  );
}
