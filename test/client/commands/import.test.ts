import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { importFile } from "../../../client/src/commands/import/import.ts";
import { UsageError } from "../../../client/src/commands/usage-error.ts";
import { createDirectory } from "../../support/directory.ts";
import { useTestServer } from "../../support/use-test-server.ts";
import { connect } from "../connect.ts";
import { runCommand } from "./run-command.ts";

const server = useTestServer();
let directory: Awaited<ReturnType<typeof createDirectory>>;
beforeAll(async () => {
  directory = await createDirectory();
});
afterAll(() => directory[Symbol.asyncDispose]());

let files = 0;
async function write(content: string | Uint8Array): Promise<string> {
  const file = join(directory.path, `file-${files++}.csv`);
  await writeFile(file, content);
  return file;
}

const importing = (file: string, channel: string, ...args: string[]) =>
  runCommand(importFile, [file, "--channel", channel, "--url", server.url, "--yes", ...args]);

async function stored(name: string) {
  const { reader } = connect("reader", server);
  const [channel] = (await reader.listChannels({ name }).page()).channels;
  if (!channel) throw new Error(`there is no channel ${name}`);
  const any = { columns: {}, times: "exact" } as const;
  const { rows } = await reader.channel(channel.channel_id, any).rows({ sort: "time", limit: 10_000 }).page();
  const { time: _, ...types } = channel.channel_schema;
  return { types, rows: rows.map((row) => Object.values(row)), channel };
}

type Device = {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly args?: readonly string[];
  readonly types: Readonly<Record<string, string>>;
  readonly rows: readonly (readonly unknown[])[];
};

/** Files as devices, spreadsheets and portals write them, and what is in them. */
const DEVICES: readonly Device[] = [
  {
    name: "a German meter, with a day and a time of day",
    content: "Datum;Uhrzeit;Verbrauch kWh;Status\r\n31.12.2023;23:45;0,125;W\r\n31.12.2023;24:00;1.234,50;W\r\n",
    args: ["--zone", "Europe/Berlin"],
    types: { "Verbrauch kWh": "optional[float]", Status: "optional[str]" },
    rows: [
      ["2023-12-31T22:45:00Z", 0.125, "W"],
      ["2023-12-31T23:00:00Z", 1234.5, "W"],
    ],
  },
  {
    name: "a spreadsheet with a tail of commas and a column without a name",
    content: "time,temperature,\n2024-03-01 10:00,20.5,\n2024-03-01 11:00,21,\n,,\n,,\n",
    args: ["--zone", "UTC"],
    types: { temperature: "optional[float]" },
    rows: [
      ["2024-03-01T10:00:00Z", 20.5],
      ["2024-03-01T11:00:00Z", 21],
    ],
  },
  {
    name: "a byte order mark",
    content: "\ufefftime,v\n2024-03-01T10:00:00Z,1\n",
    types: { v: "optional[float]" },
    rows: [["2024-03-01T10:00:00Z", 1]],
  },
  {
    name: "UTF-16 with a byte order mark, tabs and a unit in the name",
    content: Buffer.from("\ufeffTime\tTemp [°C]\r\n2024/03/01 10:00:00\t-0.5\r\n", "utf16le"),
    args: ["--zone", "+01:00"],
    types: { "Temp (°C)": "optional[float]" },
    rows: [["2024-03-01T09:00:00Z", -0.5]],
  },
  {
    name: "names with dots",
    content: "time,PM2.5,Temp.\n2024-03-01T10:00:00Z,3.5,20\n",
    types: { "PM2.5": "optional[float]", "Temp.": "optional[float]" },
    rows: [["2024-03-01T10:00:00Z", 3.5, 20]],
  },
  {
    name: "windows-1252, when that is said",
    content: Buffer.from("Zeit;Temp °C\n01.03.2024 10:00;20,5\n", "latin1"),
    args: ["--zone", "UTC", "--encoding", "windows-1252"],
    types: { "Temp °C": "optional[float]" },
    rows: [["2024-03-01T10:00:00Z", 20.5]],
  },
  {
    name: "milliseconds since 1970",
    content: "ts|value\n1709287200000|1\n1709287200500|2\n",
    types: { value: "optional[float]" },
    rows: [
      ["2024-03-01T10:00:00Z", 1],
      ["2024-03-01T10:00:00.500000Z", 2],
    ],
  },
  {
    name: "seconds since 1970 with a fraction",
    content: "epoch,value\n1709287200.25,1\n",
    types: { value: "optional[float]" },
    rows: [["2024-03-01T10:00:00.250000Z", 1]],
  },
  {
    name: "days first, which one line tells",
    content: "date,value\n01/03/2024 10:00,1\n13/03/2024 10:00,2\n",
    args: ["--zone", "UTC"],
    types: { value: "optional[float]" },
    rows: [
      ["2024-03-01T10:00:00Z", 1],
      ["2024-03-13T10:00:00Z", 2],
    ],
  },
  {
    name: "months first with twelve hours, which one line tells",
    content: "date,value\n3/1/2024 12:30 AM,1\n3/13/2024 1:05:06 PM,2\n",
    args: ["--zone", "America/New_York"],
    types: { value: "optional[float]" },
    rows: [
      ["2024-03-01T05:30:00Z", 1],
      ["2024-03-13T17:05:06Z", 2],
    ],
  },
  {
    name: "days first, when that is said",
    content: "date,value\n01/03/2024,1\n02/03/24,2\n",
    args: ["--zone", "UTC", "--time-format", "DD/MM/YYYY"],
    types: { value: "optional[float]" },
    rows: [
      ["2024-03-01T00:00:00Z", 1],
      ["2024-03-02T00:00:00Z", 2],
    ],
  },
  {
    name: "numbers of meters and other texts that are no numbers",
    content: "time,meter,code,hex,plus,version\n2024-03-01T10:00:00Z,00123,12e4,0x1F,+5,1.2.3\n",
    types: {
      meter: "optional[str]",
      code: "optional[str]",
      hex: "optional[str]",
      plus: "optional[str]",
      version: "optional[str]",
    },
    rows: [["2024-03-01T10:00:00Z", "00123", "12e4", "0x1F", "+5", "1.2.3"]],
  },
  {
    name: "one number among many that would change",
    content: "time,id,v\n2024-03-01T10:00:00Z,17,20.50\n2024-03-01T11:00:00Z,017,-3.0\n",
    types: { id: "optional[str]", v: "optional[float]" },
    rows: [
      ["2024-03-01T10:00:00Z", "17", 20.5],
      ["2024-03-01T11:00:00Z", "017", -3],
    ],
  },
  {
    name: "whole numbers that no double holds",
    content: "time,count,digits\n2024-03-01T10:00:00Z,9007199254740993,0.12345678901234567890\n",
    types: { count: "optional[int64]", digits: "optional[str]" },
    rows: [["2024-03-01T10:00:00Z", "9007199254740993", "0.12345678901234567890"]],
  },
  {
    name: "a line of units below the names",
    content: "Timestamp,Temp,Hum\n[UTC],[°C],[%]\n2024-03-01 10:00:00,20.5,40\n",
    args: ["--zone", "UTC"],
    types: { Temp: "optional[float]", Hum: "optional[float]" },
    rows: [["2024-03-01T10:00:00Z", 20.5, 40]],
  },
  {
    name: "lines about the device above the names",
    content:
      "Device;Logger 7\nSerial;00042\n\nZeitpunkt;U1 (V);I1 (A)\n01.03.2024 10:00:00;230,1;0,5\n01.03.2024 10:01:00;230,2;0,5\n",
    args: ["--zone", "UTC"],
    types: { "U1 (V)": "optional[float]", "I1 (A)": "optional[float]" },
    rows: [
      ["2024-03-01T10:00:00Z", 230.1, 0.5],
      ["2024-03-01T10:01:00Z", 230.2, 0.5],
    ],
  },
  {
    name: "as many cells about the device as columns",
    content: "Device;Logger 7\nSerial;00042\nZeit;U\n01.03.2024 10:00:00;230,1\n01.03.2024 10:01:00;230,2\n",
    args: ["--zone", "UTC"],
    types: { U: "optional[float]" },
    rows: [
      ["2024-03-01T10:00:00Z", 230.1],
      ["2024-03-01T10:01:00Z", 230.2],
    ],
  },
  {
    name: "a single row",
    content: "time,v\n2024-03-01T10:00:00Z,1\n",
    types: { v: "optional[float]" },
    rows: [["2024-03-01T10:00:00Z", 1]],
  },
  {
    name: "numbers as they are said to be, with gaps",
    content: "time,a,b,c\n01.03.2024 10:00,12e4,007,x\n01.03.2024 11:00,,NaN,y\n",
    args: ["--zone", "UTC", "--time-format", "dd.mm.yyyy hh:mm", "--type", "a=float", "--type", "b=int", "--type", "c=str"],
    types: { a: "optional[float]", b: "optional[int]", c: "str" },
    rows: [
      ["2024-03-01T10:00:00Z", 120_000, 7, "x"],
      ["2024-03-01T11:00:00Z", null, null, "y"],
    ],
  },
  {
    name: "the names again, where the logger was started anew",
    content: "time,v\n2024-03-01T10:00:00Z,1\ntime,v\n2024-03-01T11:00:00Z,2\n",
    types: { v: "optional[float]" },
    rows: [
      ["2024-03-01T10:00:00Z", 1],
      ["2024-03-01T11:00:00Z", 2],
    ],
  },
  {
    name: "a delimiter behind the last value of each line",
    content:
      "Beginn;01.03.2024\nEnde;02.03.2024\nZeit;U;I\n01.03.2024 10:00:00;230,1;1.234,5;\n01.03.2024 10:01:00;230,2;2;\n01.03.2024 10:02:00;230,2;2;\n",
    args: ["--zone", "UTC"],
    types: { U: "optional[float]", I: "optional[float]" },
    rows: [
      ["2024-03-01T10:00:00Z", 230.1, 1234.5],
      ["2024-03-01T10:01:00Z", 230.2, 2],
      ["2024-03-01T10:02:00Z", 230.2, 2],
    ],
  },
  {
    name: "the four lines of a Campbell logger",
    content:
      '"TOA5","Station","CR1000"\n"TIMESTAMP","RECORD","AirTC"\n"TS","RN","Deg C"\n"","","Avg"\n"2024-03-01 10:00:00",7,20.5\n"2024-03-01 10:01:00",8,"NAN"\n',
    args: ["--zone", "UTC"],
    types: { RECORD: "optional[float]", AirTC: "optional[float]" },
    rows: [
      ["2024-03-01T10:00:00Z", 7, 20.5],
      ["2024-03-01T10:01:00Z", 8, null],
    ],
  },
  {
    name: "quotes with line breaks, quotes and delimiters in them",
    content: 'time, remark\n2024-03-01T10:00:00Z, "rain, then\n""sun"""\n2024-03-01T11:00:00Z, 5" pipe\n',
    types: { remark: "optional[str]" },
    rows: [
      ["2024-03-01T10:00:00Z", 'rain, then\n"sun"'],
      ["2024-03-01T11:00:00Z", '5" pipe'],
    ],
  },
  {
    name: "names that come twice, and names with characters that none has",
    content: "time,Temp,temp,a:b,time 2\n2024-03-01T10:00:00Z,1,2,3,4\n",
    types: { Temp: "optional[float]", "temp 2": "optional[float]", a_b: "optional[float]", "time 2": "optional[float]" },
    rows: [["2024-03-01T10:00:00Z", 1, 2, 3, 4]],
  },
  {
    name: "truth values, and texts that stand for no number",
    content: "time,open,level\n2024-03-01T10:00:00Z,TRUE,---\n2024-03-01T11:00:00Z,false,1.5\n2024-03-01T12:00:00Z,,NaN\n",
    types: { open: "optional[bool]", level: "optional[float]" },
    rows: [
      ["2024-03-01T10:00:00Z", true, null],
      ["2024-03-01T11:00:00Z", false, 1.5],
      ["2024-03-01T12:00:00Z", null, null],
    ],
  },
  {
    name: "offsets as different libraries write them",
    content: "time,v\n2024-03-01 10:00:00+00,1\n2024-03-01T12:00:00.1234560+0100,2\n2024-03-01 13:00 UTC,3\n20240301T140000Z,4\n",
    types: { v: "optional[float]" },
    rows: [
      ["2024-03-01T10:00:00Z", 1],
      ["2024-03-01T11:00:00.123456Z", 2],
      ["2024-03-01T13:00:00Z", 3],
      ["2024-03-01T14:00:00Z", 4],
    ],
  },
  {
    name: "months with names, and the line that spreadsheets take for the delimiter",
    content: "sep=;\nTime;v\n1-Mar-2024 10:00;1\nFri, 01 Mar 2024 11:00:00 GMT;2\nMar 1, 2024 12:00;3\n",
    args: ["--zone", "UTC"],
    types: { v: "optional[float]" },
    rows: [
      ["2024-03-01T10:00:00Z", 1],
      ["2024-03-01T11:00:00Z", 2],
      ["2024-03-01T12:00:00Z", 3],
    ],
  },
  {
    name: "no names at all, when they are said",
    content: "2024-03-01T10:00:00Z,1,x\n2024-03-01T11:00:00Z,2,y\n",
    args: ["--names", "at,v,w", "--omit", "w", "--type", "v=int"],
    types: { v: "int" },
    rows: [
      ["2024-03-01T10:00:00Z", 1],
      ["2024-03-01T11:00:00Z", 2],
    ],
  },
  {
    name: "one number of each day, and texts of its own for no value",
    content: "Day,Rain\r20240301,9999\r20240302,0.5\r",
    args: ["--zone", "UTC", "--null", "9999"],
    types: { Rain: "optional[float]" },
    rows: [
      ["2024-03-01T00:00:00Z", null],
      ["2024-03-02T00:00:00Z", 0.5],
    ],
  },
  {
    name: "the middle of several times, when it is said",
    content: "from,to,v\n2024-03-01T10:00:00Z,2024-03-01T10:15:00Z,1\n",
    args: ["--time", "to"],
    types: { from: "optional[str]", v: "optional[float]" },
    rows: [["2024-03-01T10:15:00Z", "2024-03-01T10:00:00Z", 1]],
  },
];

describe("a file of a device comes in whole:", () => {
  test.each(DEVICES)("$name", async ({ name, content, args = [], types, rows }) => {
    const outcome = await importing(await write(content), name, ...args);
    expect(outcome).toMatchObject({ code: 0, error: null, stdout: `Rows stored: ${rows.length}.\n` });
    const { types: found, rows: rowsFound } = await stored(name);
    expect(found).toEqual(types);
    const times = rows.map(([time, ...values]) => [expect.stringMatching(toPattern(String(time))), ...values]);
    expect(rowsFound).toEqual(times);
  });
});

/** The width of times depends on the others of the answer. */
function toPattern(time: string): RegExp {
  const [seconds = "", fraction = "000000"] = time.slice(0, -1).split(".");
  return new RegExp(`^${seconds}(?:\\.${fraction}${fraction === "000000" ? ")?" : ")"}Z$`);
}

describe("nothing is guessed: it is refused, with what to add,", () => {
  test.each([
    {
      name: "a day that may be a month",
      content: "t,v\n01/03/2024 10:00,1\n02/03/2024 10:00,1\n",
      args: ["--zone", "UTC"],
      says: /Line 2.*two ways.*--time-format DMY or --time-format MDY/,
    },
    {
      name: "times in two orders",
      content: "t,v\n13/03/2024,1\n03/13/2024,1\n01/02/2024,1\n",
      args: ["--zone", "UTC"],
      says: /line 2 is DMY, line 3 is MDY/,
    },
    { name: "times without a zone", content: "t,v\n2024-03-01 10:00,1\n", says: /Line 2.*--zone Europe\/Berlin/ },
    {
      name: "hours or seconds since 1970",
      content: "t,v\n2024030110,1\n",
      args: ["--zone", "UTC"],
      says: /--time-format YMD or --time-format epoch-s/,
    },
    {
      name: "a fraction that may be thousands",
      content: 't,v\n2024-03-01T10:00:00Z,"1,234"\n',
      says: /"1,234" may be a fraction or thousands.*--decimal-comma/,
    },
    {
      name: "two columns of times",
      content: "from,to,v\n2024-03-01T10:00:00Z,2024-03-01T10:15:00Z,1\n",
      says: /"from" and "to".*--time COLUMN/,
    },
    { name: "no column of times", content: "a,b\n1,2\n", says: /no column holds times that can be read.*--time-format/ },
    { name: "no names", content: "2024-03-01T10:00:00Z,1\n", says: /line 1 has values in 2 cells.*--names/ },
    {
      name: "an encoding",
      content: Buffer.from("t,°\n2024-03-01T10:00:00Z,1\n", "latin1"),
      says: /not in utf-8.*--encoding windows-1252/,
    },
    {
      name: "UTF-16 that does not say so",
      content: Buffer.from("t,v\n2024-03-01T10:00:00Z,1\n", "utf16le"),
      says: /--encoding utf-16le/,
    },
    { name: "a quote that stays open", content: 't,v\n2024-03-01T10:00:00Z,1\n2024-03-01T11:00:00Z,"1\n', says: /never closed/ },
    {
      name: "a place that is none",
      content: "t,v\n2024-03-01 10:00,1\n",
      args: ["--zone", "Europe/Bärlin"],
      says: /no time zone "Europe\/Bärlin"/,
    },
    {
      name: "a column that is none",
      content: "t,v\n2024-03-01T10:00:00Z,1\n",
      args: ["--omit", "w"],
      says: /no column "w"\. It has "t", "v"/,
    },
    { name: "an option that is none", content: "", args: ["--colour"], says: /--colour/ },
  ])("$name", async ({ name, content, args = [], says }) => {
    const { error, stdout } = await importing(await write(content), name, ...args);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ message: expect.stringMatching(says) });
    expect({ stdout, lines: String(error).split("\n").length }).toEqual({ stdout: "", lines: 1 });
    expect((await connect("reader", server).reader.listChannels({ name }).page()).channels).toEqual([]);
  });

  test("a file that is not there", async () => {
    const { error } = await importing(join(directory.path, "missing.csv"), "missing");
    expect(error).toMatchObject({ message: expect.stringMatching(/missing\.csv cannot be read\.$/) });
  });

  test("a file for refused lines that cannot be", async () => {
    const file = await write("time,v\n2024-03-01T10:00:00Z,1\n2024-03-01T11:00:00Z,2\nTotal,3\n");
    const { error } = await importing(file, "unwritable", "--rejected", join(directory.path, "none", "x.csv"));
    expect(error).toMatchObject({ name: "UsageError", message: expect.stringContaining("--rejected") });
  });

  test("a store nobody was asked about", async () => {
    const file = await write("time,v\n2024-03-01T10:00:00Z,1\n");
    const args = [file, "--channel", "unasked", "--url", server.url];
    expect((await runCommand(importFile, args)).error).toMatchObject({ message: expect.stringContaining("--yes") });
    const dry = await runCommand(importFile, [...args, "--dry-run"]);
    expect(dry).toMatchObject({ code: 0, stdout: "", stderr: expect.stringMatching(/v +optional\[float\]/) });
    expect((await connect("reader", server).reader.listChannels({ name: "unasked" }).page()).channels).toEqual([]);
  });
});

describe("lines that are bad", () => {
  test("are in a file of their own with the reason, and the others are stored", async () => {
    const file = await write(
      "Zeit;Wert\n31.03.2024 01:45;1\n31.03.2024 02:30;2\n27.10.2024 02:30;3\n;4\nheute;5\n27.10.2024 03:00;6;7\n27.10.2024 03:00\n27.10.2024 03:15;8\n",
    );
    const { code, stdout, error } = await importing(file, "clocks", "--zone", "Europe/Berlin");
    expect({ code, error }).toEqual({ code: 1, error: null });
    expect(stdout).toBe(`Rows stored: 2. Refused lines: 6, in ${file}.rejected.csv.\n`);
    expect((await readFile(`${file}.rejected.csv`, "utf8")).split("\n")).toEqual([
      "Zeit;Wert;rejected because",
      '31.03.2024 02:30;2;"line 3: ""31.03.2024 02:30"" does not exist in Europe/Berlin: clocks were put forward"',
      '27.10.2024 02:30;3;"line 4: ""27.10.2024 02:30"" was twice in Europe/Berlin: clocks were put back"',
      ";4;line 5: the time is missing",
      'heute;5;"line 6: ""heute"" is no time"',
      '27.10.2024 03:00;6;"line 7: there are 2 columns, and beyond them ""7"""',
      "27.10.2024 03:00;;line 8: there are 1 of 2 cells",
      "",
    ]);
    expect((await stored("clocks")).rows).toEqual([
      ["2024-03-31T00:45:00Z", 1],
      ["2024-10-27T02:15:00Z", 8],
    ]);
  });

  test.each([
    { head: "time,v\n", args: [] },
    { head: "", args: ["--names", "time,v"] },
  ])("are not passed over at the beginning either, where $args names the columns", async ({ head, args }) => {
    const file = await write(`${head}2024-02-30 10:00,1\n2024-03-01 25:00,2\n2024-03-01 10:00,3\n2024-03-01 11:00,4\n`);
    expect(await importing(file, `beginning ${args.length}`, "--zone", "UTC", ...args)).toMatchObject({ code: 1, error: null });
    expect(await readFile(`${file}.rejected.csv`, "utf8")).toMatch(
      /^2024-02-30 10:00,1,.*line \d: .*\n2024-03-01 25:00,2,.*line \d: /m,
    );
  });

  test("are not passed over where cells are missing from the first", async () => {
    const file = await write("time,v\n2024-03-01 09:00\n2024-03-01 10:00,3\n2024-03-01 11:00,4\n");
    expect(await importing(file, "short", "--zone", "UTC")).toMatchObject({ code: 1, error: null });
    expect(await readFile(`${file}.rejected.csv`, "utf8")).toContain("2024-03-01 09:00,,line 2: there are 1 of 2 cells\n");
  });

  test("are imported once they are mended, as the file of them is", async () => {
    const file = await write("time,v\n2024-03-01T10:00:00Z,1\n2024-03-01T11:00:00Z,warm\n");
    await importing(file, "mended", "--type", "v=float");
    const rejected = `${file}.rejected.csv`;
    const text = await readFile(rejected, "utf8");
    expect(text).toContain('"line 3: v: ""warm"" is no float"');
    await writeFile(rejected, text.replace("11:00:00Z,warm", "11:00:00Z,2"));
    expect(await importing(rejected, "mended")).toMatchObject({ code: 0, error: null });
    expect((await stored("mended")).rows).toHaveLength(2);
  });

  test("are those that the service refuses, too", async () => {
    const file = await write("time,id\n2024-03-01T10:00:00Z,6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10\n2024-03-01T11:00:00Z,none\n");
    expect(await importing(file, "uuids", "--type", "id=uuid")).toMatchObject({ code: 1, error: null });
    expect(await readFile(`${file}.rejected.csv`, "utf8")).toMatch(/^2024-03-01T11:00:00Z,none,.*line 3: id: /m);
  });
});

describe("an import that is started again", () => {
  const DAYS = 5_000;
  const START = Date.UTC(2010, 0, 1);
  const lines = Array.from({ length: DAYS }, (_, day) => `${new Date(START + day * 86_400_000).toISOString()},${day / 10}`);

  test("stores nothing twice", async () => {
    const file = await write(`time,temperature\n${lines.join("\n")}\n`);
    expect(await importing(file, "weather")).toMatchObject({ code: 0, stdout: "Rows stored: 5000.\n" });
    const again = await importing(file, "weather");
    expect(again).toMatchObject({ code: 0, stdout: "Rows stored: 5000 (5000 of them were already).\n" });
    expect(await stored("weather")).toMatchObject({ channel: { available_rows: DAYS, density: "sparse" } });
  });

  test("with --on-same-time ignore stores only the lines of new times of a file that has grown", async () => {
    const head = "time,v\n2024-03-01T10:00:00Z,1\n2024-03-01T11:00:00Z,2\n";
    await importing(await write(head), "grown");
    const file = await write(`${head}2024-03-01T12:00:00Z,3\n`);
    const { code, stdout } = await importing(file, "grown", "--on-same-time", "ignore");
    expect([code, stdout]).toEqual([0, "Rows stored: 1. Ignored, for the channel has their times: 2.\n"]);
    const again = await importing(file, "grown", "--on-same-time", "ignore");
    expect(again.stdout).toContain("(1 of them were already)");
    expect((await importing(file, "grown", "--on-same-time", "both")).error).toMatchObject({
      message: expect.stringContaining("--on-same-time"),
    });
  });

  test("stores rows twice that the file has twice", async () => {
    const file = await write("time,v\n2024-03-01T10:00:00Z,1\n2024-03-01T10:00:00Z,1\n");
    await importing(file, "twice");
    expect((await stored("twice")).rows).toHaveLength(2);
  });

  test("takes the types of the channel that is there", async () => {
    await importing(await write("time,id\n2024-03-01T10:00:00Z,007\n"), "known");
    expect(await importing(await write("time,ID\n2024-03-01T11:00:00Z,8\n"), "known")).toMatchObject({ code: 0, error: null });
    expect((await stored("known")).rows.map(([, id]) => id)).toEqual(["007", "8"]);
    const { error } = await importing(await write("time,pressure\n2024-03-01T11:00:00Z,8\n"), "known");
    expect(error).toMatchObject({ message: expect.stringMatching(/no column for "pressure".*--omit "pressure"/) });
  });
});
