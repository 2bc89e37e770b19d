/** In charge of one exchange: a request by `fetch`, and its answer, which is there as a whole unless it is a stream. */
import { NetworkError } from "../errors/network-error.ts";
import { requestName } from "./url.ts";

/** Answers of these types come piece by piece, and may take as long as they like. */
const STREAMED = /ndjson|csv/i;

/**
 * What goes wrong on the way, as `name,code,message`: TypeError is what the standard says, TimeoutError a limit of somebody's own; codes are
 * those of systems (no `ERR_`); workerd has sentences. All else is a signal for whoever handed `fetch` over, and would be lost on its way up
 * if it were tried again or wrapped: an AbortError, a promise of React, an error with the digest of Next.js.
 */
const NETWORK_FAULT = /^(Type|Timeout)Error|^\w+,E[A-QS-Z]|,(Netw|inter)/;

/**
 * @throws NetworkError when no answer came, or not all of it.
 * @throws what `send` throws that is no fault of the network.
 */
export async function exchange(request: Request, send: typeof fetch): Promise<Response> {
  let response: Response | undefined;
  try {
    response = await send(request);
    return streamOf(response) ? response : await complete(response);
  } catch (cause) {
    const { name, code, message, digest, cause: inner } = Object(cause);
    const words = String([name, code, message, inner?.code]);
    if (!response && (digest || !NETWORK_FAULT.test(words))) throw cause;
    // Each runtime tells in another place that a connection was refused.
    const reason = /refused/i.test(words) ? ": nothing listens there." : ", or not all of it.";
    throw new NetworkError(`${requestName(request)} got no answer${reason}`, { cause });
  }
}

/** The pieces of an answer that come one by one. None do where `fetch` has no streams, as in React Native. */
export function streamOf({ body, headers }: Response): Response["body"] | false {
  return STREAMED.test(headers.get("Content-Type") ?? "") && !!body?.getReader && body;
}

/** An answer that breaks off has to fail while there are attempts left. */
async function complete(response: Response): Promise<Response> {
  // Where there is no body it may be React Native, whose Response takes bytes for Latin-1.
  const content = await (response.body ? response.arrayBuffer() : response.text());
  // Browsers hide a redirect that is not followed: it has no status, and no Response that is made has none.
  return response.status ? new Response(content || null, response) : response;
}
