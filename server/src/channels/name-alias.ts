import { ProblemError } from "../problems/problem-error.ts";

/** `channel_name` is the older word for `name`. */
export function resolveNameAlias<Name>({ name, channel_name }: { readonly name?: Name; readonly channel_name?: Name }): {
  name?: Name;
} {
  if (channel_name === undefined) return name === undefined ? {} : { name };
  if (name === undefined || name === channel_name) return { name: channel_name };
  throw new ProblemError("request_invalid", "name and channel_name differ; channel_name is an older word for name.", {
    errors: [{ pointer: "/channel_name", code: "differs_from_name", detail: "give name only" }],
  });
}
