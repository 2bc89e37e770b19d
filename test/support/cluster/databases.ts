/** In charge of the PostgreSQL server behind all native test databases: what belongs to none of them. */
import { randomBytes } from "node:crypto";
import { createTestDatabase } from "../database.ts";
import { dropDatabase, onCluster, SERVER_URL } from "./on-cluster.ts";

const LANES = ["reader", "writer", "admin", "auth"];

/** Databases of the same cluster, whose lane roles nobody has made yet. Both go when this is disposed. */
export async function createVirginDatabases(count: number) {
  const rolePrefix = `kronicle_test_${randomBytes(6).toString("hex")}`;
  const databases = await Promise.all(Array.from({ length: count }, () => createTestDatabase()));
  return {
    settings: databases.map((database) => ({ ...database.settings, rolePrefix })),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(databases.map((database) => database[Symbol.asyncDispose]()));
      await onCluster(...LANES.map((lane) => `drop role if exists "${rolePrefix}_${lane}"`));
    },
  };
}

/** A database with a name of its own, after which its lane roles are called. */
export async function createNamedDatabase(name: string) {
  await onCluster(`create database "${name}"`);
  const url = new URL(SERVER_URL ?? "");
  url.pathname = `/${encodeURIComponent(name)}`;
  return {
    settings: { databaseUrl: url.href, rolePrefix: null },
    [Symbol.asyncDispose]: async () => {
      await dropDatabase(name);
      await onCluster(...LANES.map((lane) => `drop role if exists "${name}_${lane}"`));
    },
  };
}
