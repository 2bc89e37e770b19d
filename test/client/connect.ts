/** In charge of clients for tests: the built SDK with the key of a lane. */
import { createKronicle, type Kronicle } from "@kronicle/client";
import { KEYS } from "../support/server.ts";

type Lane = keyof typeof KEYS;

/** Tries once, so that a fault is seen as it is. */
export function connect(lane: Lane, { url }: { readonly url: string }, send?: typeof fetch): Kronicle {
  return createKronicle({ baseUrl: url, token: KEYS[lane], fetch: send, retries: 0 });
}

/** A fetch that goes through, and what went through it. */
export function recordFetch() {
  const urls: URL[] = [];
  const responses: Response[] = [];
  const send: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    urls.push(new URL(request.url));
    const response = await fetch(request);
    responses.push(response);
    return response;
  };
  return { send, urls, responses };
}
