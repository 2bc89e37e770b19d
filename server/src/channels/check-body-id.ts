import { ProblemError } from "../problems/problem-error.ts";

/** The id in the path wins; another one in the body is a mistake that must not pass in silence. */
export function checkBodyId(pathId: string, bodyId: string | undefined): void {
  if (bodyId === undefined || bodyId.toLowerCase() === pathId.toLowerCase()) return;
  throw new ProblemError("request_invalid", "The body names another channel than the path.", {
    errors: [{ pointer: "/channel_id", code: "differs_from_path", detail: `the path says ${pathId}` }],
  });
}
