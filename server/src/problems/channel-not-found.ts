import { ProblemError } from "./problem-error.ts";

export function channelNotFound(channelId: string): ProblemError {
  return new ProblemError("channel_not_found", `No channel has the id ${channelId}.`);
}
