/** In charge of the examples in the documentation. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const CHECKOUT = new URL("../../../", import.meta.url).pathname;

export type Block = { readonly language: string; readonly text: string; readonly isMarked: boolean };

/** The fenced blocks of a page; marked are those right behind `<!-- run -->`. */
export async function readBlocks(page: string): Promise<Block[]> {
  const markdown = await readFile(join(CHECKOUT, page), "utf8");
  return [...markdown.matchAll(/(<!-- run -->\n\n)?^```(\w*)\n(.*?)^```$/gms)].map(([, mark, language = "", text = ""]) => ({
    language,
    text,
    isMarked: mark !== undefined,
  }));
}
