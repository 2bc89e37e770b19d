/** Filters as text: `where` means what the brackets mean, wherever rows are selected. */
import { readCondition, writeWhere } from "@kronicle/client/filter-grammar";
import { beforeAll, describe, expect, test } from "vitest";
import { appendRows, createChannel } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";

type Parameters = readonly (readonly [name: string, value: string])[];

const server = useTestServer();
let id: string;
beforeAll(async () => {
  const channel_schema = {
    number: "int",
    "air temperature (°C)": "float",
    big: "int64",
    seen: "datetime",
    note: "optional[str]",
    labels: "optional[list]",
    author: "optional[dict]",
  };
  id = await createChannel(server, { channel_schema });
  const row = (number: number, more: object) => ({
    time: `2024-03-01T00:00:0${number}Z`,
    number,
    "air temperature (°C)": number + 0.5,
    big: `900719925474099${number}`,
    seen: `2024-04-0${number}T00:00:00Z`,
    ...more,
  });
  await appendRows(server, id, [
    row(1, { note: "a", labels: ["x", 1], author: { name: "Ann", "a=b": "c", 'q"': ">=" } }),
    row(2, { note: "b,c", labels: ["y"], author: { name: "Bob" } }),
    row(3, { note: "=in(1)" }),
  ]);
});

/** As the parameter `where` has it. */
function asWhere(parameters: Parameters): Parameters {
  return parameters.map(([name, value]) => {
    const condition = readCondition(name, value);
    if (condition === null || "fault" in condition) throw new Error(`${name}=${value} is no filter`);
    return ["where", writeWhere(condition)];
  });
}

function queryOf(parameters: Parameters): string {
  const query = new URLSearchParams();
  for (const [name, value] of parameters) query.append(name, value);
  return query.toString();
}

const LANES = [
  ["reader", "/api/v1"],
  ["writer", "/data/v1"],
  ["admin", "/setup/v1"],
] as const;

/** The numbers of the rows that each way to select rows finds: on each lane as rows, as columns and as CSV, and what DELETE would delete. */
async function found(parameters: Parameters): Promise<unknown[]> {
  const query = `${queryOf(parameters)}&sort=time`;
  const answers: unknown[] = [];
  for (const [role, lane] of LANES) {
    const path = `${lane}/channels/${id}`;
    const { body: page } = await as(role, server).get(`${path}/rows?${query}`).expect(200);
    const { body: byColumn } = await as(role, server).get(`${path}/columns?${query}`).expect(200);
    const { text } = await as(role, server).get(`${path}/rows/export?format=csv&columns=number&${query}`).expect(200);
    const numbers = text.split("\n").flatMap((line) => (/,\d+/.test(line) ? [Number(line.split(",")[1])] : []));
    answers.push(
      page.rows.map(({ number }: { number: number }) => number),
      byColumn.columns.number,
      numbers,
    );
  }
  const { body } = await as("admin", server)
    .delete(`/setup/v1/channels/${id}/rows?dry_run=true&${queryOf(parameters)}`)
    .expect(200);
  return [...answers, body.op_details.deleted_rows];
}

describe("200", () => {
  test.each<[string[], Parameters, number[]]>([
    [["number=2"], [["col[number]", "2"]], [2]],
    [["air temperature (°C)>=2.5"], [["min[air temperature (°C)]", "2.5"]], [2, 3]],
    [["air temperature (°C)<=2.5"], [["max[air temperature (°C)]", "2.5"]], [1, 2]],
    [["big=9007199254740993"], [["col[big]", "9007199254740993"]], [3]],
    [["time>=2024-03-01T01:00:02+01:00"], [["min[time]", "2024-03-01T01:00:02+01:00"]], [2, 3]],
    [["note=b,c"], [["col[note]", "b,c"]], [2]],
    [["note==in(1)"], [["col[note]", "=in(1)"]], [3]],
    [["number:any=1,3,9"], [["any[number]", "1,3,9"]], [1, 3]],
    [['note:any="b,c",a'], [["any[note]", '"b,c",a']], [1, 2]],
    [["labels:has=x"], [["has[labels]", "x"]], [1]],
    [["author:null=true"], [["null[author]", "true"]], [3]],
    [["author.name=Bob"], [["col[author.name]", "Bob"]], [2]],
    [["author.name:any=Ann,Bob"], [["any[author.name]", "Ann,Bob"]], [1, 2]],
    [['"author.a=b"=c'], [["col[author.a=b]", "c"]], [1]],
    [['"author.q"""=>='], [['col[author.q"]', ">="]], [1]],
    [
      ["number>=2", "number<=2"],
      [
        ["min[number]", "2"],
        ["max[number]", "2"],
      ],
      [2],
    ],
  ])("%j finds what %j finds, wherever rows are selected", async (texts, brackets, numbers) => {
    const asText = texts.map((text) => ["where", text] as const);
    expect(asWhere(brackets)).toEqual(asText);
    const answer = await found(asText);
    expect(answer).toEqual([...Array.from({ length: 9 }, () => numbers), numbers.length]);
    expect(await found(brackets)).toEqual(answer);
  });

  test("lists grow, and filters in brackets have to match as well", async () => {
    const query: Parameters = [
      ["where", "number:any=1"],
      ["any[number]", "2"],
      ["where", "number:any=3"],
      ["max[number]", "2"],
    ];
    expect(await found(query)).toEqual([...Array.from({ length: 9 }, () => [1, 2]), 2]);
  });

  test("a quoted name is that name", async () => {
    expect((await found([["where", '"number"=2']]))[0]).toEqual([2]);
  });
});

describe("a cursor belongs to its `where`", () => {
  const read = (query: string) => as("reader", server).get(`/api/v1/channels/${id}/rows?limit=1&sort=time&${query}`);

  test("and leads on in either form, but not without it or with another", async () => {
    const where = `where=${encodeURIComponent("number>=2")}`;
    const { body } = await read(where).expect(200);
    const onwards = `cursor=${body.next_cursor}`;
    for (const same of [where, "min[number]=2"]) {
      const { body: next } = await read(`${onwards}&${same}`).expect(200);
      expect(next.rows).toMatchObject([{ number: 3 }]);
    }
    for (const other of ["", `where=${encodeURIComponent("number>=1")}`]) {
      const { body: refused } = await read(`${onwards}&${other}`).expect(400);
      expect(refused.errors).toMatchObject([{ parameter: "cursor" }]);
    }
  });
});

describe("400", () => {
  test.each([
    ["nubmer=1", "unknown_column", 'the channel has no column "nubmer"; did you mean "number"?'],
    ["number =1", "unknown_column", 'did you mean "number"?'],
    ["number.x=1", "wrong_type", "number.x=: = takes a path in a dict only; number is int"],
    ["number>=x", "not_an_integer", "number>=: "],
    ["number=two", "not_an_integer", "number=: "],
    ["note>=a", "wrong_type", "note>=: >= needs a number or a datetime; note is str"],
    ["note:has=a", "wrong_type", "note:has=: :has= needs a list; note is str"],
    ["labels=x", "wrong_type", "use labels:has="],
    ["author=x", "wrong_type", "use author.key="],
    ["time:null=true", "wrong_type", "time always has a value"],
    ["note:null=maybe", "malformed_parameter", '"note:null=maybe": expected true or false'],
    ["author.name>=A", "wrong_type", ">= does not take a path"],
    ['note:any="a', "malformed_parameter", "the list is not a line of CSV"],
    [
      "number",
      "malformed_parameter",
      "expected a column, one of = >= <= :any= :has= :null= and a value, such as temperature>=20",
    ],
    ["number>1", "malformed_parameter", "expected a column"],
    ["number!=1", "malformed_parameter", "expected a column"],
    ["number:min=1", "malformed_parameter", "expected a column"],
    ['"number=1', "malformed_parameter", "expected a column"],
    ['num"ber=1', "malformed_parameter", "expected a column"],
    ["=1", "unknown_column", 'no column ""'],
    ["", "malformed_parameter", "expected a column"],
    ["note=\0", "not_storable", "note=: "],
  ])("refuses %j, and says what was meant", async (text, code, detail) => {
    for (const path of ["rows", "columns", "rows/export"]) {
      const { body } = await as("reader", server)
        .get(`/api/v1/channels/${id}/${path}?${queryOf([["where", text]])}`)
        .expect(400);
      expect(body.errors).toEqual([{ parameter: "where", code, detail: expect.stringContaining(detail) }]);
    }
    const { body } = await as("admin", server)
      .delete(`/setup/v1/channels/${id}/rows?${queryOf([["where", text]])}`)
      .expect(400);
    expect(body.errors).toMatchObject([{ parameter: "where", code }]);
  });

  test.each<[Parameters]>([
    [
      [
        ["where", "number>=1"],
        ["where", "number>=2"],
      ],
    ],
    [
      [
        ["where", "number>=1"],
        ["where", '"number">=2'],
      ],
    ],
    [
      [
        ["min[number]", "1"],
        ["where", "number>=2"],
      ],
    ],
    [
      [
        ["where", "number>=1"],
        ["min[number]", "2"],
      ],
    ],
  ])("refuses the same filter twice, as in %j", async (parameters) => {
    const { body } = await as("reader", server)
      .get(`/api/v1/channels/${id}/rows?${queryOf(parameters)}`)
      .expect(400);
    expect(body.errors).toMatchObject([{ code: "repeated_parameter" }]);
  });

  test.each(["where[number]=1", "where[]=number>=1"])("%s takes no brackets", async (query) => {
    const { body } = await as("reader", server).get(`/api/v1/channels/${id}/rows?${query}`).expect(400);
    expect(body.errors).toMatchObject([{ code: "malformed_parameter", detail: "where takes no brackets" }]);
  });

  test("refuses more than 300 filters, of either form together", async () => {
    const brackets = Array.from({ length: 150 }, (_, index): [string, string] => [`col[author.${index}]`, "1"]);
    const texts = Array.from({ length: 151 }, (_, index): [string, string] => ["where", `author.t${index}=1`]);
    const { body } = await as("reader", server)
      .get(`/api/v1/channels/${id}/rows?${queryOf([...brackets, ...texts])}`)
      .expect(400);
    expect(body.errors).toMatchObject([{ code: "too_many" }]);
  });

  test("names no more than a hundred faults, and only the beginning of a text", async () => {
    const texts = Array.from({ length: 250 }, (_, index): [string, string] => ["where", `${"x".repeat(index)}>`]);
    const { body } = await as("reader", server)
      .get(`/api/v1/channels/${id}/rows?${queryOf(texts)}`)
      .expect(400);
    expect(body.errors).toHaveLength(100);
    const long = await as("reader", server)
      .get(`/api/v1/channels/${id}/rows?where=${"x".repeat(10_000)}`)
      .expect(400);
    expect(long.text.length).toBeLessThan(2_000);
  });
});

describe("DELETE", () => {
  test("deletes by `where`, and refuses it beside all=true", async () => {
    const other = await createChannel(server, { channel_schema: { number: "int" } });
    await appendRows(server, other, [{ number: 1 }, { number: 2 }, { number: 3 }]);
    const remove = (query: string) => as("admin", server).delete(`/setup/v1/channels/${other}/rows?${query}`);
    const { body: refused } = await remove(`all=true&${queryOf([["where", "number>=2"]])}`).expect(400);
    expect(refused.errors).toMatchObject([{ parameter: "all", code: "not_with_filters" }]);
    const { body } = await remove(queryOf([["where", "number>=2"]])).expect(200);
    expect(body.op_details).toEqual({ deleted_rows: 2, available_rows: 1, dry_run: false });
  });
});
