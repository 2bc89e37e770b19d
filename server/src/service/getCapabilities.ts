import type { Operation } from "../contract/operation.ts";
import { canSwitchRole } from "../db/queries/canSwitchRole.ts";
import { selectCapabilities } from "../db/queries/selectCapabilities.ts";

export const getCapabilities: Operation<"getCapabilities"> = async (_request, { database }) => {
  const found = await selectCapabilities(database.pools.admin, database.roles.auth);
  const switching = await Promise.all(Object.values(database.pools).map((pool) => canSwitchRole(pool, database.roles)));
  const isCommunity = found.edition === "timescale";
  return {
    status: 200,
    body: {
      database: { kind: database.kind, postgresql: found.postgresql },
      timescaledb: { version: found.timescaledb, edition: found.edition },
      features: {
        gapfill: isCommunity,
        continuous_aggregates: isCommunity,
        compression: isCommunity,
        retention_policies: isCommunity,
        // The embedded database has no background workers: policies can be made, and never run by themselves.
        background_jobs: database.kind === "native",
      },
      walls: {
        contract: true,
        server: true,
        database_roles: !found.can_misuse_chunks,
        separate_logins: database.kind === "native" && !switching.includes(true),
      },
    },
  };
};
