import type { Operation } from "../../contract/operation.ts";
import { requesterOf } from "../../access/principal.ts";
import { contentDisposition } from "../../formats/content-disposition.ts";
import { chooseExportType } from "../read/export-type.ts";
import { patiently, refuseChanged } from "../read/stream-pages.ts";
import { MAX_BUCKETS } from "./bucket-grid.ts";
import { bucketObject } from "./bucket-object.ts";
import { type BucketPage, readBuckets } from "./bucket-page.ts";
import type { Bucket } from "./bucket.ts";
import type { ColumnFunction } from "./functions.ts";

export const exportAggregate: Operation<"exportAggregate"> = async (request, { database, now }) => {
  const type = chooseExportType(request.query.format, request.preferredType);
  const read = (cursor: string | undefined, begun: BucketPage | null) =>
    database.pools.reader.read(request.signal, async (connection) => {
      const page = await readBuckets(connection, request, { limit: MAX_BUCKETS, cursor, now: now() });
      await refuseChanged(connection, (begun ?? page).channel, requesterOf(request).scope);
      return page;
    });
  const first = await read(undefined, null);
  const { channel, query } = first;
  const isCsv = type === "text/csv";
  const headers = {
    "Content-Disposition": contentDisposition(`${channel.name ?? channel.channel_id}-aggregate.${isCsv ? "csv" : "ndjson"}`),
  };
  const pages = walk(first, (cursor) => patiently(() => read(cursor, first)));
  return { status: 200, type, headers, body: isCsv ? csvLines(query.functions, pages) : jsonLines(query.functions, pages) };
};

async function* walk(first: BucketPage, read: (cursor: string) => Promise<BucketPage>): AsyncGenerator<readonly Bucket[]> {
  for (let page = first; ; page = await read(page.nextCursor)) {
    yield page.buckets;
    if (page.nextCursor === null) return;
  }
}

async function* jsonLines(functions: readonly ColumnFunction[], pages: AsyncIterable<readonly Bucket[]>): AsyncGenerator<string> {
  const present = bucketObject(functions);
  for await (const page of pages) {
    if (page.length > 0) yield `${page.map((bucket) => JSON.stringify(present(bucket))).join("\n")}\n`;
  }
}

/** RFC 4180. No name of a column or a function needs quotes. Times have six digits, so that those of a column are of one form. */
async function* csvLines(functions: readonly ColumnFunction[], pages: AsyncIterable<readonly Bucket[]>): AsyncGenerator<string> {
  const labels = functions.map(({ column, label }) => `${column.name}.${label}`);
  yield `${["time", "end", "count", "partial", "coverage", "filled", ...labels].join(",")}\r\n`;
  for await (const page of pages) {
    if (page.length > 0) yield page.map((bucket) => csvLine(bucket, functions)).join("");
  }
}

function csvLine({ time, end, count, partial, coverage, filled, values }: Bucket, functions: readonly ColumnFunction[]): string {
  const fields = [
    time,
    end,
    count,
    partial,
    coverage,
    filled,
    ...values.map((value, place) => csvField(value, functions[place])),
  ];
  return `${fields.map((field) => field ?? "").join(",")}\r\n`;
}

/** Texts and documents are quoted, so that an empty text and no value are told apart. */
function csvField(value: unknown, asked: ColumnFunction | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "object") return quote(JSON.stringify(value));
  return typeof value === "string" && asked?.column.type === "str" ? quote(value) : String(value);
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
