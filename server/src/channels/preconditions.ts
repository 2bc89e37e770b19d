/** In charge of what has to hold before a channel is touched: path and body name the same one, in the version that the caller means. */
import { ProblemError } from "../problems/problem-error.ts";
import { isMatch } from "../formats/etag.ts";
import { resolveIdAlias } from "./aliases.ts";

/** The id in the path wins; another one in the body is a mistake that must not pass in silence. */
export function checkBodyId(pathId: string, body: { readonly channel_id?: string; readonly id?: string }): void {
  const { channel_id: bodyId } = resolveIdAlias(body);
  if (bodyId === undefined || bodyId.toLowerCase() === pathId.toLowerCase()) return;
  const pointer = body.channel_id === undefined ? "/id" : "/channel_id";
  const detail = `the path says ${pathId}`;
  throw new ProblemError("request_invalid", `The body names another channel than the path: ${pointer}: ${detail}.`, {
    errors: [{ pointer, code: "differs_from_path", detail }],
  });
}

/** @throws ProblemError precondition_failed when the caller means another version than the current one; null is none at all. */
export function checkMatch(header: string | undefined, current: { readonly version: number } | null): void {
  if (isMatch(header, current)) return;
  const found = current === null ? "There is no such channel" : `The channel has version "${current.version}"`;
  throw new ProblemError(
    "precondition_failed",
    `${found}, and If-Match does not name it. Read the channel again, and decide anew.`,
  );
}
