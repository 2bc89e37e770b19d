type AnyPage = { readonly nextCursor: string | null };

/**
 * What a query selects: every item by `for await`, which follows the pages by itself, or one page by `page()`.
 *
 * Nothing is sent before one of the two is used, and each use starts from the beginning.
 *
 * @example
 * ```ts
 * import { createKronicle, defineChannel } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float" });
 * const kronicle = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_reader_..." });
 * const selection = kronicle.reader.channel("6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10", thermometer).rows({ sort: "time" });
 *
 * const { rows, hasMore } = await selection.page();
 * console.log(rows.length, hasMore);
 * for await (const row of selection) console.log(row.time, row.temperature);
 * ```
 */
export class Selection<Item, Page extends AnyPage> implements AsyncIterable<Item> {
  readonly #readPage: (cursor?: string) => Promise<Page>;
  readonly #itemsOf: (page: Page) => readonly Item[];

  constructor(readPage: (cursor?: string) => Promise<Page>, itemsOf: (page: Page) => readonly Item[]) {
    this.#readPage = readPage;
    this.#itemsOf = itemsOf;
  }

  /**
   * Reads the first page only, or the one that the `cursor` of the query leads to.
   *
   * @throws ApiError
   * @throws NetworkError
   */
  page(): Promise<Page> {
    return this.#readPage();
  }

  /**
   * Reads page after page, each when the one before is used up.
   *
   * @throws ApiError
   * @throws NetworkError
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    let page = await this.#readPage();
    yield* this.#itemsOf(page);
    while (page.nextCursor !== null) {
      page = await this.#readPage(page.nextCursor);
      yield* this.#itemsOf(page);
    }
  }
}
