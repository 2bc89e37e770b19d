import { beforeAll, describe, expect, test } from "vitest";
import { createChannel, appendRows } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();
let id: string;
beforeAll(async () => {
  const channel_schema = {
    number: "int",
    temperature: "float",
    big: "int64",
    open: "bool",
    seen: "datetime",
    note: "optional[str]",
    labels: "optional[list]",
    author: "optional[dict]",
  };
  id = await createChannel(server, { channel_schema });
  const row = (number: number, more: object) => ({
    time: `2024-03-01T00:00:0${number}Z`,
    number,
    temperature: number + 0.5,
    big: `900719925474099${number}`,
    open: number % 2 === 0,
    seen: `2024-04-0${number}T00:00:00Z`,
    ...more,
  });
  const rows = [
    row(1, { note: "a", labels: ["x", 1], author: { name: "Ann", age: 40 } }),
    row(2, { note: "b,c", labels: ["y"], author: { name: "Bob", age: 41 } }),
    row(3, { note: 'd"e' }),
  ];
  await appendRows(server, id, rows);
});

function read(form: "rows" | "columns", parameters: readonly (readonly [string, string])[]) {
  const query = new URLSearchParams({ sort: "time" });
  for (const [name, value] of parameters) query.append(name, value);
  return as("reader", server).get(`/api/v1/channels/${id}/${form}?${query.toString()}`);
}

describe("200", () => {
  test.each<[[string, string][], number[]]>([
    [[["col[number]", "2"]], [2]],
    [[["col[big]", "9007199254740993"]], [3]],
    [[["col[open]", "true"]], [2]],
    [[["col[note]", "b,c"]], [2]],
    [[["col[seen]", "2024-04-01"]], [1]],
    [[["col[time]", "2024-03-01T01:00:02+01:00"]], [2]],
    [[["col[author.name]", "Ann"]], [1]],
    [[["col[author.age]", "41"]], [2]],
    [[["min[temperature]", "2.5"]], [2, 3]],
    [[["max[temperature]", "2.5"]], [1, 2]],
    [
      [
        ["min[number]", "2"],
        ["max[number]", "2"],
      ],
      [2],
    ],
    [[["min[seen]", "2024-04-02T00:00:00Z"]], [2, 3]],
    [[["any[number]", "1,3,9"]], [1, 3]],
    [[["any[note]", '"b,c",a']], [1, 2]],
    [
      [
        ["any[note]", "a"],
        ["any[note]", '"d""e"'],
      ],
      [1, 3],
    ],
    [[["has[labels]", "x"]], [1]],
    [[["has[labels]", "1"]], [1]],
    [[["null[author]", "true"]], [3]],
    [
      [
        ["null[author]", "false"],
        ["min[number]", "2"],
      ],
      [2],
    ],
    [[["col[number]", "9"]], []],
  ])("%j finds the rows %j, as rows and as columns", async (parameters, numbers) => {
    const { body } = await read("rows", parameters).expect(200);
    expect(body.rows.map(({ number }: { number: number }) => number)).toEqual(numbers);
    const { body: byColumn } = await read("columns", parameters).expect(200);
    expect(byColumn.columns.number).toEqual(numbers);
  });
});

describe("400", () => {
  test.each([
    ["col[wind]", "1"],
    ["col[Number]", "1"],
    ["col[]", "1"],
    ["col", "1"],
    ["col[number", "1"],
    ["col[number]x", "1"],
    ["min[note]", "a"],
    ["min[number]", "1.5"],
    ["min[temperature]", "NaN"],
    ["min[temperature]", "1e400"],
    ["col[open]", "yes"],
    ["col[seen]", "2024-02-30"],
    ["col[note]", "\0"],
    ["col[author.name]", "\0"],
    ["col[author.\0]", "a"],
    ["any[author.name]", "a,\0"],
    ["has[labels]", "\0"],
    ["has[note]", "a"],
    ["null[note]", "maybe"],
    ["any[note]", '"a'],
    ["equals[note]", "a"],
  ])("refuses %s=%j rather than to answer with more", async (name, value) => {
    const { body } = await read("rows", [[name, value]]).expect(400);
    expect(body.errors[0].parameter).toContain(name.split("[")[0]);
  });

  test.each(["col[author.age]", "has[labels]"])(
    "%s finds nothing by a number that no document can hold, or refuses it",
    async (name) => {
      for (const number of ["1e400", "1e999999", "-1e999999", "1e-999999", "9".repeat(5_000)]) {
        const { body, status } = await read("rows", [[name, number]]);
        expect([number, status]).toEqual([number, expect.toBeOneOf([200, 400])]);
        expect(body.rows ?? []).toEqual([]);
      }
    },
  );

  test("refuses the same filter twice", async () => {
    const { body } = await read("rows", [
      ["col[number]", "1"],
      ["col[number]", "2"],
    ]).expect(400);
    expect(body).toMatchObject({ code: "request_invalid", errors: [{ parameter: "col[number]" }] });
  });
});
