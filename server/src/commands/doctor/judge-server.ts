/** In charge of what is asked of a PostgreSQL server with TimescaleDB, before anything of ours is in it. */
import { durabilityFaults } from "../../db/durability.ts";
import type { ServerState } from "../../db/queries/selectServerState.ts";
import { type Check, fail, ok, warn } from "./check.ts";

const MIN_POSTGRESQL = 16;
const MIN_TIMESCALEDB = [2, 19] as const;
const MIN_LOCKS_PER_TRANSACTION = 64;
/** The server stamps what it receives, and tokens are good for minutes. */
const CLOCK_WARN_MS = 2_000;
const CLOCK_FAIL_MS = 60_000;

type Measured = ServerState & {
  readonly kind: "embedded" | "native";
  /** How far its clock is ahead of ours at least: what the answer took on its way is uncertain. */
  readonly clockAheadMs: number;
  /** How many connections one server of ours may open. */
  readonly neededConnections: number;
};

export function judgeServer(state: Measured): Check[] {
  const always = [judgePostgresql(state), judgeTimescaledb(state), judgeEncoding(state), judgeTimeZone(state), judgeClock(state)];
  return state.kind === "embedded"
    ? [...always, EMBEDDED_DURABILITY]
    : [...always, ...judgeDurability(state), judgeStandby(state), judgeConnections(state), judgeLocks(state)];
}

const EMBEDDED_DURABILITY = warn(
  "durability",
  "the embedded database: acknowledged rows survive the end of the process, a power cut is untested",
  "Use a TimescaleDB of your own, through DATABASE_URL, for what must not be lost.",
);

function judgePostgresql({ version, major }: Measured): Check {
  return major >= MIN_POSTGRESQL
    ? ok("PostgreSQL", version)
    : fail("PostgreSQL", version, `Use PostgreSQL ${MIN_POSTGRESQL} or newer.`);
}

function judgeTimescaledb({ kind, timescaledb, edition, can_create_schemas: isOwner }: Measured): Check {
  const name = "TimescaleDB";
  if (timescaledb === null) {
    const found = "the extension is not in this database";
    const advice =
      "The first start makes it, if its packages are installed. If that is refused, let a superuser run CREATE EXTENSION timescaledb.";
    return isOwner ? warn(name, found, advice) : fail(name, found, advice);
  }
  // The embedded one loads its library when it is first needed.
  if (edition === null && kind === "native") {
    return fail(
      name,
      `${timescaledb}, and its library is not loaded`,
      "Add timescaledb to shared_preload_libraries, and restart it.",
    );
  }
  const [major = 0, minor = 0] = timescaledb.split(".").map(Number.parseFloat);
  const [leastMajor, leastMinor] = MIN_TIMESCALEDB;
  const found = edition === null ? timescaledb : `${timescaledb}, ${edition === "timescale" ? "Community" : "Apache"} edition`;
  return major > leastMajor || (major === leastMajor && minor >= leastMinor)
    ? ok(name, found)
    : fail(name, found, `Use TimescaleDB ${MIN_TIMESCALEDB.join(".")} or newer, then ALTER EXTENSION timescaledb UPDATE.`);
}

function judgeEncoding({ encoding }: Measured): Check {
  return encoding === "UTF8"
    ? ok("encoding", encoding)
    : fail("encoding", encoding, "Make the database with ENCODING 'UTF8': texts may hold any character.");
}

function judgeTimeZone({ time_zone: zone }: Measured): Check {
  return ["UTC", "Etc/UTC", "GMT"].includes(zone)
    ? ok("time zone", `${zone} in our sessions`)
    : fail("time zone", `${zone} in our sessions`, "Let through the startup parameter options, which a pooler in between drops.");
}

function judgeClock({ clockAheadMs }: Measured): Check {
  const distance = Math.abs(clockAheadMs);
  const found = `${(distance / 1000).toFixed(1)} s ${clockAheadMs < 0 ? "behind" : "ahead of"} this machine`;
  const advice = "Let both machines keep their clocks by NTP.";
  if (distance >= CLOCK_FAIL_MS) return fail("clock", found, advice);
  return distance >= CLOCK_WARN_MS ? warn("clock", found, advice) : ok("clock", found);
}

function judgeDurability(state: Measured): Check[] {
  const faults = durabilityFaults(state);
  if (faults.length === 0) return [ok("durability", `what ${state.login} commits is on disk`)];
  return faults.map(({ found, advice }) => fail("durability", found, advice));
}

function judgeStandby({ is_standby: isStandby }: Measured): Check {
  return isStandby
    ? fail("role of the server", "a standby", "Set DATABASE_URL to the primary: only there rows can be stored.")
    : ok("role of the server", "a primary");
}

function judgeConnections({ connections, neededConnections: needed }: Measured): Check {
  const found = `${connections} for all servers, and one may open ${needed}`;
  if (needed > connections)
    return fail("connections", found, "Raise max_connections, or lower KRONICLE_POOL_SIZE or KRONICLE_WORKERS.");
  return needed * 2 > connections
    ? warn(
        "connections",
        found,
        "Raise max_connections, or lower KRONICLE_POOL_SIZE or KRONICLE_WORKERS: while one server replaces another, both need theirs.",
      )
    : ok("connections", found);
}

function judgeLocks({ locks_per_transaction: locks }: Measured): Check {
  const found = `max_locks_per_transaction is ${locks}`;
  return locks >= MIN_LOCKS_PER_TRANSACTION
    ? ok("locks", found)
    : warn(
        "locks",
        found,
        `Set it to ${MIN_LOCKS_PER_TRANSACTION} or more, and restart: each chunk that a statement touches takes some.`,
      );
}
