/** In charge of telling answers of the service from everything else. */
import type { ApiError } from "../errors/api-error.ts";
import { AuthenticationError } from "../errors/authentication-error.ts";
import { ConflictError } from "../errors/conflict-error.ts";
import { InvalidRequestError } from "../errors/invalid-request-error.ts";
import { NetworkError } from "../errors/network-error.ts";
import { NotFoundError } from "../errors/not-found-error.ts";
import { PermissionError } from "../errors/permission-error.ts";
import { RateLimitError } from "../errors/rate-limit-error.ts";
import { ServerError } from "../errors/server-error.ts";
import { isObject } from "../json/is-object.ts";
import type { components } from "../schema.generated.ts";
import { requestName } from "../request/url.ts";
import { retryAfterMs } from "../retry/backoff.ts";
import { mediaType } from "./headers.ts";

type Problem = components["schemas"]["Problem"];

const FAMILIES: Readonly<Record<number, typeof ApiError>> = {
  401: AuthenticationError,
  403: PermissionError,
  404: NotFoundError,
  409: ConflictError,
  412: ConflictError,
  422: ConflictError,
  429: RateLimitError,
};

/**
 * Gives back a success of the media type that the request accepts first.
 *
 * @throws ApiError for a problem.
 * @throws NetworkError for an answer that is none of Kronicle's.
 */
export async function checkAnswer(request: Request, response: Response): Promise<Response> {
  const { ok, status } = response;
  const type = mediaType(response.headers.get("Content-Type"));
  if (ok && type === mediaType(request.headers.get("Accept"))) return response;

  if (!ok && type === "application/problem+json") {
    const body: unknown = await response.json().catch(() => undefined);
    const Family = FAMILIES[status] ?? (status < 500 ? InvalidRequestError : ServerError);
    if (isProblem(body)) throw new Family(status, body, retryAfterMs(response));
  }
  // A body that nobody reads would keep its connection busy.
  await response.body?.cancel().catch(() => undefined);
  throw new NetworkError(`${requestName(request)} got no usable answer: ${describe(response, type)}.`, { status });
}

function isProblem(body: unknown): body is Problem {
  return (
    hasTexts(body, ["code", "title", "detail", "request_id"]) &&
    Array.isArray(body["errors"]) &&
    body["errors"].every((fault) => hasTexts(fault, ["code", "detail"]))
  );
}

function hasTexts(value: unknown, names: readonly string[]): value is Readonly<Record<string, unknown>> {
  return isObject(value) && names.every((name) => typeof value[name] === "string");
}

function describe({ status, type: kind }: Response, type: string): string {
  // Browsers hide the status of a redirect that is not followed.
  if (kind === "opaqueredirect" || (status >= 300 && status < 400)) {
    return `${status || "a"} redirect; give the baseUrl that it leads to`;
  }
  return `status ${status}, ${type || "no media type"}`;
}
