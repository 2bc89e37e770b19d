/** In charge of the problem codes: the status, the title and the page of each, grouped by the stage that raises them. */
import type { components } from "@kronicle/client/contract-types";

export type ProblemCode = components["schemas"]["ProblemCode"];

export type ProblemText = {
  readonly status: number;
  readonly title: string;
  /** What it means, for the page that `type` leads to. */
  readonly meaning: string;
  /** What its reader can do about it. */
  readonly remedy: string;
};

export const PROBLEMS = {
  // Reading and checking the request.
  body_malformed: {
    status: 400,
    title: "The body cannot be read",
    meaning:
      "The body is empty, broken off, not valid as what it is sent as (JSON, NDJSON or CSV), or legal JSON that would lose something: a key that stands twice, nesting deeper than 16, a NUL or half a surrogate pair. Nothing was stored.",
    remedy: "Look at `detail` for the place, mend the body and send it again. An append needs at least one row.",
  },
  request_invalid: {
    status: 400,
    title: "The request breaks the contract",
    meaning:
      "A parameter, a header or a field of the body is unknown, missing or not of the form that the contract asks for. Unknown names are refused rather than ignored, because a filter that is ignored returns more than was asked for.",
    remedy:
      "Each entry of `errors` names the parameter, or points at the field, and says what was expected. Compare the request with the operation in the docs.",
  },
  schema_invalid: {
    status: 400,
    title: "The channel schema breaks a rule",
    meaning:
      "The names or the types of the columns, or the metadata and tags beside them, break a rule of the channel definition.",
    remedy:
      "Follow the pointers in `errors`. The column types are listed at `/setup/v1/channels/columns/types`; any of them may be wrapped as `optional[…]`.",
  },
  row_invalid: {
    status: 400,
    title: "A row breaks the schema of its channel",
    meaning:
      "At least one value does not fit its column, a required column is missing, or a column is unknown to the channel. An append is all or nothing: no row of this request was stored.",
    remedy:
      "Each entry of `errors` points at a value, such as `/rows/17/temperature`, and says what was expected. Mend those rows and send all of them again, or send `strict=false` to store the good rows and have the bad ones reported.",
  },
  too_many_chunks: {
    status: 400,
    title: "The rows are spread too widely over time",
    meaning:
      "Rows are stored in chunks of time, and these rows would create more new chunks than one request may, or, for rows of the past, more than a table may have. Nothing was stored.",
    remedy:
      "Sort the rows by time and send them in several requests, each no longer than `detail` says. A channel whose rows are rare by nature is better created with the density `sparse`.",
  },
  query_invalid: {
    status: 400,
    title: "A query parameter is wrong for this channel",
    meaning: "A filter, a column or a sort key does not fit the schema of the channel, or the cursor belongs to another query.",
    remedy:
      "Each entry of `errors` names the parameter. Compare it with the `channel_schema` of the channel; with a cursor, keep all other parameters as they were, or start again without it.",
  },
  too_many_buckets: {
    status: 400,
    title: "The range has too many buckets",
    meaning: "Buckets of this length cut the range into more than 10,000, those without rows among them.",
    remedy:
      "Ask for longer buckets (`detail` names the smallest that would do), for a shorter range, or with `max_points` for as many as are needed.",
  },
  body_too_large: {
    status: 413,
    title: "The body is too large",
    meaning:
      "The body, counted after inflation, is larger than this server or this operation takes, or brings more rows or values than it takes in one request. Nothing was stored.",
    remedy:
      "Send the rows in several requests. The limit is in `detail`; who runs the server sets it as `KRONICLE_BODY_LIMIT`, `KRONICLE_MAX_ROWS` or `KRONICLE_MAX_CELLS`; that of an operation is its `x-max-bytes` in the contract.",
  },
  media_type_unsupported: {
    status: 415,
    title: "The body has an unsupported media type or encoding",
    meaning: "The operation does not take the `Content-Type` or the `Content-Encoding` of this request.",
    remedy: "Send one of the media types that `detail` and the `Accept` header of the answer name, plain or with gzip.",
  },
  not_acceptable: {
    status: 406,
    title: "No media type suits the Accept header",
    meaning:
      "The `Accept` header allows none of the media types in which this operation answers, or not the `format` that was asked for.",
    remedy: "Send one of the media types that `detail` names, `*/*`, or no `Accept` header.",
  },

  // Who asks.
  credential_missing: {
    status: 401,
    title: "A credential is needed",
    meaning: "This operation is not open to all, and the request has no `Authorization` header.",
    remedy:
      "Send an API key as `Authorization: Bearer krn_…`. A new embedded database shows its first keys once, when the server starts; an admin makes more at `/auth/v1/keys`.",
  },
  credential_invalid: {
    status: 401,
    title: "The credential is not valid",
    meaning: "The `Authorization` header is not of the form `Bearer <key>`, or the key is unknown, expired or revoked.",
    remedy: "Check that the whole key was copied, without quotes or line breaks. If it was, ask an admin for a new one.",
  },
  role_too_low: {
    status: 403,
    title: "The credential may not use this lane",
    meaning:
      "The credential is valid, and its role is too low: `/api` needs a reader, `/data` a writer, and `/setup` and `/auth/v1/keys` an admin.",
    remedy: "Use a key of the role that `detail` names. The same reads exist on every lane, so a reader can read on `/api`.",
  },

  // What is asked for.
  account_needed: {
    status: 403,
    title: "The operation is for users who have signed in",
    meaning: "The credential is valid, but it is an API key, or of another issuer: it has no account here, and no password.",
    remedy: "Sign in at `POST /auth/v1/login`, and send the token that it gives.",
  },
  login_failed: {
    status: 401,
    title: "Nobody could be signed in",
    meaning:
      "Login or password is wrong, or the account is disabled. Which of them is not told, so that nobody can find out who has an account.",
    remedy: "Check both. An admin can set a new password with `PATCH /rbac/v1/users/{user_id}`.",
  },
  too_many_attempts: {
    status: 429,
    title: "Too many attempts to sign in",
    meaning:
      "Within a quarter of an hour there were more than ten attempts for this account, right or wrong. API keys and tokens go on working.",
    remedy:
      "Wait as long as `Retry-After` says. If it was not you, somebody is guessing: the audit trail has it as `sign_in_failed`.",
  },
  sign_in_busy: {
    status: 503,
    title: "Too many people sign in at this moment",
    meaning: "Checking a password takes much memory, so only a few are checked at once, and the queue is full.",
    remedy: "Try again after `Retry-After` seconds. Programs are better served by an API key.",
  },
  rate_limited: {
    status: 429,
    title: "The credential sends too many requests",
    meaning:
      "Each credential may send so many requests a second to each lane; the `RateLimit-Policy` header says how many. Nothing was stored.",
    remedy:
      "Wait as long as `Retry-After` says, and send more rows in each request. Who runs the server sets the limit as `KRONICLE_RATE_LIMIT`.",
  },
  issuer_unavailable: {
    status: 503,
    title: "The issuer of the token cannot be reached",
    meaning: "The token names another issuer that this server trusts, whose public keys could not be fetched.",
    remedy: "Try again after `Retry-After` seconds. Who runs the server looks at `KRONICLE_EXTERNAL_JWKS_URL`.",
  },
  path_not_found: {
    status: 404,
    title: "There is no such path",
    meaning: "The contract has no such path. Upper and lower case and a trailing slash count.",
    remedy: "Compare the path with those in the docs or in `/openapi.yaml`.",
  },
  channel_not_found: {
    status: 404,
    title: "There is no such channel",
    meaning: "No channel has this id: it was never created, or it was deleted.",
    remedy: "List the channels at `/api/v1/channels`. To create a channel with its first rows, use `POST /data/v1/channels`.",
  },
  key_not_found: {
    status: 404,
    title: "There is no such key",
    meaning: "No API key has this id, or it is revoked or has expired.",
    remedy: "List the keys at `/auth/v1/keys`; `revoked_at` and `expires_at` say when one ended.",
  },
  user_not_found: {
    status: 404,
    title: "There is no such user",
    meaning: "No user has this id; it may have been deleted.",
    remedy: "List the users at `/rbac/v1/users`.",
  },
  method_not_allowed: {
    status: 405,
    title: "The path does not take this method",
    meaning: "The path exists, and has no operation for this method.",
    remedy: "Use one of the methods in the `Allow` header of the answer.",
  },
  channel_exists: {
    status: 409,
    title: "The channel exists already",
    meaning: "Another channel has this id or this name; both are unique.",
    remedy: "Choose another name or id, or append to the channel that exists.",
  },
  precondition_failed: {
    status: 412,
    title: "The channel has changed since",
    meaning:
      "`If-Match` names a version of the definition that is no longer the current one: somebody else changed it. Nothing was changed.",
    remedy: "Read the channel again, decide whether your change still fits, and send it with the new `ETag`.",
  },
  idempotency_in_progress: {
    status: 409,
    title: "A request with this Idempotency-Key is still running",
    meaning: "The first request with this key has not ended yet, so there is no outcome to repeat.",
    remedy: "Wait as long as `Retry-After` says, and repeat the same request with the same key.",
  },
  idempotency_key_reused: {
    status: 422,
    title: "The Idempotency-Key was used for another request",
    meaning:
      "Within the last 24 hours the same caller sent this key with another body, or to another path. Nothing was stored this time.",
    remedy: "Make a new key for each new request, and keep one key for all tries of the same request.",
  },
  channel_ambiguous: {
    status: 409,
    title: "The id and the name belong to different channels",
    meaning: "The body names one channel by `channel_id` and another one by `name`.",
    remedy: "Give only one of them, or make them agree.",
  },
  user_exists: {
    status: 409,
    title: "The user exists already",
    meaning: "Another user has this e-mail, name or ORCID. Each of them belongs to one user only.",
    remedy: "Look for the other user with `/rbac/v1/users?email=`, and change that one, or choose another name.",
  },
  own_account: {
    status: 409,
    title: "Nobody changes their own rights",
    meaning:
      "Admins cannot change their own role, nor disable or delete their own account, so that a service always keeps an admin.",
    remedy: "Ask another admin.",
  },
  schema_conflict: {
    status: 409,
    title: "The schema differs from the stored one",
    meaning:
      "The channel has another schema, or the change would not fit the rows that it holds: once there are rows, optional columns may be added and required ones made optional, and nothing else.",
    remedy:
      "Leave `channel_schema` out, or send the stored one. For any other schema clone the channel with the new schema, and write there.",
  },
  layout_limit: {
    status: 409,
    title: "The database holds as many column layouts as it may",
    meaning:
      "Channels whose columns have like types share storage. This schema would need storage of its own, and no more of it may be made; or a new column in storage that has too many chunks for that.",
    remedy: "Use the column types of an existing channel, or ask who runs the server.",
  },

  // The server's own faults.
  server_fault: {
    status: 500,
    title: "The server failed",
    meaning: "The server has a fault of its own; the request may have been right.",
    remedy: "Tell who runs the server the `request_id`: its log has the reason under it.",
  },
  not_ready: {
    status: 503,
    title: "The service is not ready",
    meaning: "The server cannot do its work now: it is about to stop, or it does not reach its database.",
    remedy: "Wait as long as `Retry-After` says. Each entry of `errors` names one reason.",
  },
  database_unavailable: {
    status: 503,
    title: "The database cannot be reached",
    meaning: "The database gave no answer, or could not take the request just now. Nothing was stored.",
    remedy: "Wait as long as `Retry-After` says, and send the request again.",
  },
  database_busy: {
    status: 503,
    title: "Too many requests are waiting for the database",
    meaning:
      "All connections to the database are in use, and as many requests wait for one as may, or this one has waited too long. Nothing was stored.",
    remedy:
      "Wait as long as `Retry-After` says, and send the request again. Who runs the server sees in its log how often that happens, and has `KRONICLE_POOL_SIZE` and `KRONICLE_QUEUE_SIZE`.",
  },
  server_busy: {
    status: 503,
    title: "The server has more to do than it can",
    meaning:
      "The server is too far behind with what it has accepted, or bodies fill the memory that it may use for them, or answers that nobody has read yet. Nothing was stored.",
    remedy:
      "Wait as long as `Retry-After` says, and send the request again. Who runs the server has `KRONICLE_MAX_DELAY_MS`, `KRONICLE_BODY_MEMORY`, `KRONICLE_ANSWER_MEMORY` and `KRONICLE_WORKERS`.",
  },
  outcome_unknown: {
    status: 503,
    title: "Whether the request was carried out is not known",
    meaning:
      "The connection to the database broke while it worked on the request. Rows may be stored, or not; either all of them are, or none. So it is with any other change.",
    remedy:
      "Read the newest rows of the channel, or what else was to change, before sending the request again. An append with an `Idempotency-Key` can be repeated at once, and is never stored twice.",
  },
} as const satisfies Record<ProblemCode, ProblemText>;

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}
