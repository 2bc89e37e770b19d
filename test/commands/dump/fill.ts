/** In charge of channels that a dump could get wrong: every type at its limits, every order, every label. */
import * as fc from "fast-check";
import { type Sample, VALUES } from "../../support/arbitrary-values.ts";
import { as } from "../../support/http.ts";
import type { TestServer } from "../../support/server.ts";

const TYPES = ["str", "int", "int64", "float", "bool", "uuid", "datetime", "dict", "list"] as const;

/** The ends of each type, and what is easily mistaken for something else. */
const LIMITS: Readonly<Record<(typeof TYPES)[number], readonly string[]>> = {
  str: ['""', '"null"', String.raw`"quote \" backslash \\ comma , brace { line \n tab \t"`, '"日本語 𝄞 é e\u0301 \u2028 \u202e"'],
  int: ["-9007199254740991", "9007199254740991", "0"],
  int64: ['"-9223372036854775808"', '"9223372036854775807"', '"9007199254740993"'],
  float: ["-0", "0", "5e-324", "1.7976931348623157e308", "0.1", "1e21"],
  bool: ["true", "false"],
  uuid: ['"00000000-0000-0000-0000-000000000000"', '"ffffffff-ffff-ffff-ffff-ffffffffffff"'],
  datetime: ['"0001-01-01T00:00:00Z"', '"9999-12-31T23:59:59.999999Z"', '"1969-12-31T23:59:59.000001Z"'],
  dict: ["{}", '{"__proto__":{"1":null},"é":[-0.5,{"":"\\"\\\\"}]}'],
  list: ["[]", "[[],{},null,true,1e-7]"],
};

const SCHEMA = {
  // A name that objects put first, and one that is not a plain word.
  "10": "str",
  "2": "int",
  ...Object.fromEntries(
    TYPES.flatMap((type) => [
      [type, type],
      [`${type} (°) 2.5`, `optional[${type}]`],
    ]),
  ),
};

/** Makes the channels, and returns their ids. */
export async function fill(server: TestServer): Promise<string[]> {
  const admin = as("admin", server);
  const create = async (definition: object): Promise<string> =>
    (await admin.post("/setup/v1/channels").send(definition).expect(201)).body.channel_id;
  const append = (id: string, rows: readonly string[]) =>
    as("writer", server)
      .post(`/data/v1/channels/${id}/rows`)
      .type("application/json")
      .send(`{"rows":[${rows.join(",")}]}`)
      .expect(200);

  const typed = await create({
    name: "all types · 日本",
    channel_schema: SCHEMA,
    density: "sparse",
    column_info: { float: { unit: "Cel", description: "air, 2 m" } },
    metadata: { site: "roof", nested: { list: [1, 2.5, null, { "": "é" }], "10": 1, "9": 2 } },
    tags: { room: "lab", floor: 3, open: true, near: ["a", 2] },
  });
  await append(typed, [...limitRows(), ...arbitraryRows()]);

  // Rows of one time, and rows that came in another order than their times.
  const ordered = await create({ name: "order", channel_schema: { n: "int" }, density: "dense" });
  const time = (second: number) => `2024-03-01T00:00:${String(second).padStart(2, "0")}.000001Z`;
  for (const second of [30, 10, 20, 10, 30, 10]) {
    await append(
      ordered,
      [1, 2].map((n) => `{"time":"${time(second)}","n":${n}}`),
    );
  }

  const empty = await create({ channel_schema: { value: "optional[float]" } });

  // A definition with a history: widened after its first rows, so that its version and its slots are not the first.
  const grown = await create({ name: "grown", channel_schema: { a: "float" } });
  await append(grown, ['{"time":"2020-01-01T00:00:00Z","a":1}']);
  await admin
    .patch(`/setup/v1/channels/${grown}`)
    .send({ channel_schema: { a: "float", b: "optional[float]", note: "optional[str]" }, tags: { grown: true } })
    .expect(200);
  await append(grown, ['{"time":"2024-01-01T00:00:00Z","a":2,"b":3,"note":"new"}']);

  // Many pages, and more chunks than one statement may make.
  const long = await create({ name: "long", channel_schema: { value: "float" }, density: "dense" });
  for (let day = 0; day < 150; day += 50) {
    const rows = Array.from({ length: 1_200 }, (_, n) => {
      const at = new Date(Date.UTC(2023, 0, 1 + day) + n * 3_600_000).toISOString();
      return `{"time":"${at}","value":${Math.sin(n + day)}}`;
    });
    await append(long, rows);
  }

  // What is deleted is in no dump.
  const deleted = await create({ name: "deleted", channel_schema: { value: "float" } });
  await append(deleted, ['{"time":"2024-01-01T00:00:00Z","value":1}']);
  await admin.delete(`/setup/v1/channels/${deleted}`).expect(200);
  return [typed, ordered, empty, grown, long];
}

function limitRows(): string[] {
  const most = Math.max(...Object.values(LIMITS).map((values) => values.length));
  return Array.from({ length: most }, (_, index) => {
    const value = (type: (typeof TYPES)[number]) => LIMITS[type][index % LIMITS[type].length] ?? "null";
    const members = TYPES.flatMap((type) => [
      `"${type}":${value(type)}`,
      `"${type} (°) 2.5":${index % 2 === 0 ? value(type) : "null"}`,
    ]);
    return `{"time":"0001-01-0${index + 1}T00:00:00.000001Z","10":"x","2":${index},${members.join(",")}}`;
  });
}

function arbitraryRows(): string[] {
  const row = fc.record<Record<string, Sample>>(Object.fromEntries(TYPES.map((type) => [type, VALUES[type]])));
  return fc.sample(row, { numRuns: 100, seed: 7 }).map((values, index) => {
    const members = Object.entries(values).map(([name, { sent }]) => `"${name}":${sent}`);
    return `{"time":"1999-01-01T00:00:00.${String(index).padStart(6, "0")}Z","10":"y","2":0,${members.join(",")}}`;
  });
}
