import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

const databaseRole = z.object({ name: z.string(), exists: z.boolean(), has_rights: z.boolean() });

/** Of each role, whether it exists, and whether it has rights in this database. */
export function selectDatabaseRoles(connection: CommonQueryMethods, names: readonly string[]) {
  return connection.any(sql.type(databaseRole)`
    select
      n.name,
      r.oid is not null as exists,
      coalesce(has_schema_privilege(r.oid, to_regnamespace('kronicle')::oid, 'usage'), false) as has_rights
    from unnest(${sql.array([...names], "text")}) with ordinality n (name, place)
    left join pg_roles r on r.rolname = n.name
    order by n.place
  `);
}
