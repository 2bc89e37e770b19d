import { type QuerySqlToken, sql } from "slonik";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { as } from "../support/http.ts";
import { asOwner, statement } from "../support/owner.ts";
import { useTestServer } from "../support/use-test-server.ts";

const CHANNELS = 10_000;

const server = useTestServer();
let statements: QuerySqlToken[];
beforeAll(async () => {
  const model = { name: "model", channel_schema: { temperature: "float" } };
  await as("admin", server).post("/setup/v1/channels").send(model).expect(201);
  await asOwner(server.context, (owner) =>
    owner.query(sql.type(z.object({}))`
      insert into kronicle.channel (name, series_table, columns, channel_schema, density, tags, metadata)
      select
        'thermo-' || n, c.series_table, c.columns, c.channel_schema, c.density,
        jsonb_build_object('kind', 'thermometer', 'floor', n % 1000, 'shelf', n::text),
        jsonb_build_object('owner', 'Ann', 'serial', n)
      from kronicle.channel c, generate_series(1, ${CHANNELS - 1}::integer) n
    `),
  );
  await vi.waitFor(expectStatistics, { timeout: 30_000, interval: 500 });
  statements = recordStatements();
});

/** The janitor sees to it, or autovacuum. */
async function expectStatistics(): Promise<void> {
  const known = sql.type(z.object({ channels: z.int() }))`
    select reltuples::integer as channels from pg_class where oid = 'kronicle.channel'::regclass
  `;
  expect(await server.context.database.pools.reader.oneFirst(known)).toBe(CHANNELS);
}

/** From now on every statement of the reader's lane is written down on its way. */
function recordStatements(): QuerySqlToken[] {
  const { pools } = server.context.database;
  const recorded: QuerySqlToken[] = [];
  const reader = new Proxy(pools.reader, {
    get: (pool, name) => {
      const member: unknown = Reflect.get(pool, name);
      if (typeof member !== "function") return member;
      return (...parameters: unknown[]) => {
        recorded.push(...parameters.filter(isStatement));
        return member.apply(pool, parameters);
      };
    },
  });
  Object.assign(pools, { reader });
  return recorded;
}

function isStatement(value: unknown): value is QuerySqlToken {
  return typeof value === "object" && value !== null && "sql" in value;
}

type Page = { names: (string | null)[]; ids: string[]; next: string | undefined; sent: QuerySqlToken[] };

async function list(path: string): Promise<Page> {
  statements.length = 0;
  const { body, headers } = await as("reader", server).get(path).expect(200);
  return {
    names: body.map(({ name }: { name: string }) => name),
    ids: body.map(({ channel_id }: { channel_id: string }) => channel_id),
    next: /^<(.+)>; rel="next"$/.exec(headers["link"] ?? "")?.[1],
    sent: [...statements],
  };
}

/** How the database would run the very statement that it was sent. */
async function explain({ sql: text, values }: QuerySqlToken): Promise<string> {
  const lines = await asOwner(server.context, (owner) => owner.anyFirst({ ...statement(`explain (costs off) ${text}`), values }));
  return lines.join("\n");
}

test.each([1_000, 333])(
  `a list of ${CHANNELS} channels, %i to a page, shows each once, with one statement for a page that counts nothing`,
  async (limit) => {
    const ids: string[] = [];
    let pages = 0;
    let path: string | undefined = `/api/v1/channels?limit=${limit}`;
    while (path !== undefined) {
      const page = await list(path);
      expect(page.sent).toHaveLength(1);
      // The one count is of what is beyond the page, and ends with the first of it.
      expect(page.sent[0]?.sql).not.toMatch(/count\s*\((?!case when q\.n)/i);
      ids.push(...page.ids);
      pages += 1;
      path = page.next;
    }
    expect([ids.length, new Set(ids).size]).toEqual([CHANNELS, CHANNELS]);
    expect(pages).toBe(Math.ceil(CHANNELS / limit));
  },
);

describe("a search by index", () => {
  test.each([
    ["name=thermo-7777", ["thermo-7777"], "channel_name_is_unique"],
    ["tags=shelf:4242", ["thermo-4242"], "channel_tags"],
    ["tags=floor:77&tags=shelf:1077", ["thermo-1077"], "channel_tags"],
    ["metadata=serial:9999", ["thermo-9999"], "channel_metadata"],
    ["metadata=serial:9999&tags=shelf:9999", ["thermo-9999"], "channel_"],
    ["tags=missing", [], "channel_tags"],
    ["metadata=missing", [], "channel_metadata"],
  ])("finds %s", async (query, names, index) => {
    const page = await list(`/api/v1/channels?${query}`);
    expect(page.names).toEqual(names);
    const [search] = page.sent;
    const plan = search ? await explain(search) : "";
    expect(plan).toContain(index);
    expect(plan).not.toContain("Seq Scan on channel c");
  });

  test("pages through what it finds", async () => {
    const names: (string | null)[] = [];
    let path: string | undefined = "/api/v1/channels?tags=floor:77&limit=3";
    while (path !== undefined) {
      const page = await list(path);
      expect(page.sent).toHaveLength(1);
      names.push(...page.names);
      path = page.next;
    }
    expect(names).toEqual(Array.from({ length: 10 }, (_, tens) => `thermo-${77 + 1_000 * tens}`));
  });

  test("begins a later page where the page before ended", async () => {
    const { next = "" } = await list("/api/v1/channels?limit=1000");
    const { sent } = await list(next);
    const plan = sent[0] ? await explain(sent[0]) : "";
    expect(plan).toContain("channel_pkey");
    expect(plan).not.toContain("Seq Scan on channel c");
  });
});
