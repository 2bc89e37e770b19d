/** In charge of lists that come page by page, followed as any client of HTTP would: by the Link header alone. */
import { expect } from "vitest";
import { as } from "./http.ts";
import type { TestServer } from "./server.ts";

const NEXT = /^<(\/[^>]+)>; rel="next"$/;

/** The entries of each page, from this path on. */
export async function walkPages<Entry>(server: TestServer, path: string): Promise<Entry[][]> {
  const pages: Entry[][] = [];
  const follow = async (next: string): Promise<void> => {
    const response = await as("admin", server).get(next).expect(200);
    pages.push(response.body);
    const link = response.get("Link");
    if (link === undefined) return;
    expect(link).toMatch(NEXT);
    if (pages.length > 100) throw new Error("the walk does not come to an end");
    await follow(NEXT.exec(link)?.[1] ?? "");
  };
  await follow(path);
  return pages;
}
