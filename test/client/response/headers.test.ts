import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mediaType, nextPage } from "../../../client/src/response/headers.ts";

describe("the media type of a header", () => {
  test.each([
    [null, ""],
    ["", ""],
    ["text/csv", "text/csv"],
    ["Application/JSON; charset=utf-8", "application/json"],
    ["text/html;charset=utf-8", "text/html"],
    ["application/json, application/problem+json", "application/json"],
    ["application/problem+json ; a=b", "application/problem+json"],
  ])("%j is %j", (header, type) => {
    expect(mediaType(header)).toBe(type);
  });
});

describe("the next page of a list", () => {
  const pageOf = (link: string) => nextPage(new Response(null, { headers: { Link: link } }));

  test("is where the cursor says, whatever it holds and wherever the service is mounted", () => {
    const cursors = fc.string({ unit: "grapheme" });
    fc.assert(
      fc.property(cursors, fc.constantFrom("", "/kronicle", "https://example.org/a"), (cursor, base) => {
        const link = `<${base}/api/v1/channels?limit=1&cursor=${encodeURIComponent(cursor)}>; rel="next"`;
        expect(pageOf(link)).toEqual({ hasMore: true, nextCursor: cursor });
      }),
    );
  });

  test("is found among other links", () => {
    const links = '</a?cursor=x>; rel="prev", </a?cursor=y>; rel="next", </a?cursor=z>; rel="last"';
    expect(pageOf(links).nextCursor).toBe("y");
    expect(pageOf("</a?cursor=y>;rel=next").nextCursor).toBe("y");
  });

  test.each(['</a?cursor=x>; rel="prev"', '</a>; rel="next"', '</a?limit=1>; rel="next"', "nonsense"])(
    "is not there when the header is %j",
    (link) => {
      expect(pageOf(link)).toEqual({ hasMore: false, nextCursor: null });
    },
  );

  test("is not there without a header", () => {
    expect(nextPage(new Response())).toEqual({ hasMore: false, nextCursor: null });
  });
});
