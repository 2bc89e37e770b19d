/** In charge of the token: a text, or a function that is asked for one, and for a new one when that is refused. */

type Ask = () => string | Promise<string>;

/** What an HTTP header can hold; `fetch` would repeat a token with anything else in its message. */
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;

export class TokenSource {
  readonly #ask: Ask | undefined;
  /** The last answer, or the one that is waited for: requests at the same time ask once. */
  #token: Promise<string> | undefined;

  /** @throws TypeError when the token cannot be sent. */
  constructor(token: string | Ask) {
    if (typeof token === "function") this.#ask = token;
    else this.#token = Promise.resolve(checkToken(token));
  }

  /** @throws what the function throws, and TypeError when the token cannot be sent. */
  get(): Promise<string> {
    if (this.#token) return this.#token;
    const token = this.#askForOne();
    this.#token = token;
    // The next request asks anew.
    token.catch(() => {
      if (this.#token === token) this.#token = undefined;
    });
    return token;
  }

  /** A token in the place of one that was refused; null when there can be no other. */
  async replace(refused: string): Promise<string | null> {
    if (!this.#ask) return null;
    const known = this.get();
    // Another request may have been refused before, and has asked already.
    if ((await known) === refused && this.#token === known) this.#token = undefined;
    return this.get();
  }

  async #askForOne(): Promise<string> {
    return checkToken(await this.#ask?.());
  }
}

function checkToken(token: unknown): string {
  if (typeof token === "string" && VISIBLE_ASCII.test(token)) return token;
  throw new TypeError("token has to be text of visible ASCII characters, without spaces.");
}
