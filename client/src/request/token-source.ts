/** In charge of the token: a text, or a function that is asked for one, and for a new one when that is refused. */

/** What an HTTP header can hold; `fetch` would repeat a token with anything else in its message. */
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;

export class TokenSource {
  readonly #ask: () => Promise<string>;
  readonly #isFixed: boolean;
  /** The last answer, or the one that is waited for: requests at the same time ask once. */
  #token: Promise<string> | undefined;

  /** @throws TypeError when the token cannot be sent. */
  constructor(source: string | (() => string | Promise<string>)) {
    this.#isFixed = typeof source !== "function";
    this.#ask = async () => checkToken(typeof source === "function" ? await source() : source);
    if (this.#isFixed) checkToken(source);
  }

  /** @throws what the function throws, and TypeError when the token cannot be sent. */
  get(): Promise<string> {
    this.#token ??= this.#ask().catch((error: unknown) => {
      // The next request asks anew.
      this.#token = undefined;
      throw error;
    });
    return this.#token;
  }

  /** A token in the place of one that was refused; null when there can be no other. */
  async replace(refused: string): Promise<string | null> {
    if (this.#isFixed) return null;
    const known = this.get();
    // Another request may have been refused before, and has asked already.
    if ((await known) === refused && this.#token === known) this.#token = undefined;
    return this.get();
  }
}

function checkToken(token: unknown): string {
  if (typeof token === "string" && VISIBLE_ASCII.test(token)) return token;
  throw new TypeError("token has to be visible ASCII text.");
}
