/** In charge of requests that nobody answered: what `fetch` threw, in words. */
import { NetworkError } from "../errors/network-error.ts";
import { requestName } from "./url.ts";

/** @param cause what `fetch` threw: it has the reason in a `code` of its own, or in that of its cause. */
export function noAnswer(request: Request, cause: unknown): NetworkError {
  const { origin } = new URL(request.url);
  const reason = /ECONNREFUSED|ConnectionRefused/.test(codesOf(cause))
    ? `: nothing listens at ${origin}; is the server started?`
    : /ENOTFOUND|EAI_AGAIN/.test(codesOf(cause))
      ? `: there is no host of ${origin}; is the address right?`
      : ", or not all of it.";
  return new NetworkError(`${requestName(request)} got no answer${reason}`, { cause });
}

function codesOf(error: unknown): string {
  return error instanceof Error ? `${String(Reflect.get(error, "code"))} ${codesOf(error.cause)}` : "";
}
