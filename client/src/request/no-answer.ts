/** In charge of requests that nobody answered: what `fetch` threw, in words. */
import { NetworkError } from "../errors/network-error.ts";
import { requestName } from "./url.ts";

/** @param cause what `fetch` threw. Each runtime tells in another place that a connection was refused. */
export function noAnswer(request: Request, cause: unknown): NetworkError {
  const isRefused = /refused/i.test(`${cause}${Object(cause).code}${Object(cause).cause?.code}`);
  const reason = isRefused ? ": nothing listens there; is it started?" : ", or not all of it.";
  return new NetworkError(`${requestName(request)} got no answer${reason}`, { cause });
}
