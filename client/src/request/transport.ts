/** In charge of calls from the lanes: what an openapi-fetch client answers is checked, and what goes wrong is thrown. */
import { NetworkError } from "../errors/network-error.ts";
import type { KronicleOptions } from "../kronicle-options.ts";
import { checkAnswer } from "../response/check-answer.ts";
import { type ApiClient, createApiClient } from "./api-client.ts";
import { createSender, type Send } from "./sender.ts";
import { parseBaseUrl, requestName } from "./url.ts";

/** What a lane adds to the options of a call of openapi-fetch. */
export type CallInit = {
  readonly headers: { readonly Accept: string };
  readonly fetch: (request: Request) => Promise<Response>;
};

/** A call of one operation. */
type Call<Data> = (client: ApiClient, init: CallInit) => Promise<{ readonly data?: Data; readonly response: Response }>;

export class Transport {
  readonly #client: ApiClient;
  readonly #send: Send;

  /** @throws TypeError when an option cannot be used. */
  constructor(options: KronicleOptions) {
    this.#send = createSender(options);
    this.#client = createApiClient(parseBaseUrl(options.baseUrl), this.#send);
  }

  /**
   * Calls an operation that answers with JSON.
   *
   * @param member what the JSON of this operation always has.
   * @throws ApiError
   * @throws NetworkError
   * @throws TimeoutError
   * @throws the reason of the signal.
   * @internal
   */
  async json<Data extends object>(
    member: keyof Data & string,
    signal: AbortSignal | undefined,
    call: Call<Data>,
  ): Promise<{ data: Data; response: Response }> {
    const { data, response, name } = await this.call("application/json", signal, call);
    if (typeof data === "object" && data !== null && Object.hasOwn(data, member)) return { data, response };
    throw new NetworkError(`${name} got JSON that is none of Kronicle's.`, { status: response.status });
  }

  /**
   * Calls an operation that answers with this media type. There are no data when the body is empty or cannot be parsed.
   *
   * @throws ApiError
   * @throws NetworkError
   * @throws TimeoutError
   * @throws the reason of the signal.
   * @internal
   */
  async call<Data>(type: string, signal: AbortSignal | undefined, call: Call<Data>) {
    let name = "";
    let checked: Promise<Response> | undefined;
    const fetch = (request: Request) => {
      name = requestName(request);
      // The signal is not given to the request, which would never stop listening to it.
      checked = this.#send(request, signal).then((response) => checkAnswer(request, response));
      return checked;
    };
    const headers = { Accept: `${type}, application/problem+json` };
    const { data, response } = await call(this.#client, { headers, fetch }).catch(async (error: unknown) => {
      if (!checked) throw error;
      // Throws what the request failed with: openapi-fetch overlooks a reason that is falsy. Otherwise the JSON is malformed.
      return { data: undefined, response: await checked };
    });
    return { data, response, name };
  }
}
