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
import type { components } from "../schema.generated.ts";
import { requestName } from "../request/url.ts";
import { retryAfterMs } from "../retry/backoff.ts";
import { mediaType } from "./headers.ts";

type Problem = components["schemas"]["Problem"];

/**
 * Gives back a success of the media type that the request accepts first.
 *
 * @throws ApiError for a problem.
 * @throws NetworkError for an answer that is none of Kronicle's.
 */
export async function checkAnswer(request: Request, response: Response): Promise<Response> {
  const type = mediaType(response.headers.get("Content-Type"));
  if (response.ok && type === mediaType(request.headers.get("Accept"))) return response;

  const problem = response.ok || type !== "application/problem+json" ? undefined : await readProblem(response);
  if (problem) throw toApiError(response, problem);
  // A body that nobody reads would keep its connection busy.
  await response.body?.cancel().catch(() => undefined);
  const { status } = response;
  throw new NetworkError(`${requestName(request)} got no usable answer: ${describe(response, type)}.`, { status });
}

function toApiError(response: Response, problem: Problem): ApiError {
  return new (familyOf(response.status))(response.status, problem, retryAfterMs(response));
}

function familyOf(status: number): typeof ApiError {
  switch (status) {
    case 401:
      return AuthenticationError;
    case 403:
      return PermissionError;
    case 404:
      return NotFoundError;
    case 409:
    case 412:
    case 422:
      return ConflictError;
    case 429:
      return RateLimitError;
    default:
      return status < 500 ? InvalidRequestError : ServerError;
  }
}

/** Undefined when the body is no problem of Kronicle. */
async function readProblem(response: Response): Promise<Problem | undefined> {
  const body: unknown = await response.json().catch(() => undefined);
  return isProblem(body) ? body : undefined;
}

function isProblem(body: unknown): body is Problem {
  return (
    hasTexts(body, ["code", "title", "detail", "request_id"]) && Array.isArray(body["errors"]) && body["errors"].every(isFault)
  );
}

function isFault(fault: unknown): boolean {
  return hasTexts(fault, ["code", "detail"]);
}

function hasTexts(value: unknown, names: readonly string[]): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && names.every((name) => typeof Reflect.get(value, name) === "string");
}

function describe({ status, type: kind }: Response, type: string): string {
  // Browsers hide the status of a redirect that is not followed.
  if (kind === "opaqueredirect" || (status >= 300 && status < 400)) {
    return `${status || "a"} redirect; give the baseUrl that it leads to`;
  }
  return `status ${status}, ${type || "no media type"}`;
}
