/** In charge of the other words for the id and the name of a channel, by the versions of the original's SDK: `id`, `channel_name`. */
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

/** `id` is the newer SDK's word for `channel_id`. */
export function resolveIdAlias({ channel_id, id }: { readonly channel_id?: string; readonly id?: string }): {
  channel_id?: string;
} {
  if (id === undefined) return channel_id === undefined ? {} : { channel_id };
  if (channel_id === undefined || channel_id.toLowerCase() === id.toLowerCase()) return { channel_id: id };
  throw new ProblemError("request_invalid", "channel_id and id differ; id is another word for channel_id.", {
    errors: [{ pointer: "/id", code: "differs_from_channel_id", detail: "give channel_id only" }],
  });
}
