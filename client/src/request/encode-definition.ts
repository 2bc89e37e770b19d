/** In charge of definitions on their way out, in the words of the contract. */
import type { ChannelClone } from "../channel/channel-clone.ts";
import type { ChannelDefinition } from "../channel/channel-definition.ts";
import type { ChannelPatch } from "../channel/channel-patch.ts";
import type { ChannelReplacement } from "../channel/channel-replacement.ts";
import type { NewChannel } from "../channel/new-channel.ts";
import type { components } from "../schema.generated.ts";
import { findJsonFault } from "../json/json-fault.ts";
import { withoutUndefined } from "./encode-values.ts";

type Schemas = components["schemas"];

/** @throws TypeError naming the member of metadata or tags that JSON cannot hold. */
export function encodeDefinition({ schema, ...rest }: NewChannel<ChannelDefinition>): Schemas["ChannelDefinition"] {
  return { ...encodeReplacement(rest), channel_schema: schema.columns };
}

/** @throws TypeError as above. */
export function encodeClone({ copyMetadata, ...rest }: ChannelClone): Schemas["ChannelClone"] {
  return { ...encodeReplacement(rest), copy_metadata: copyMetadata ?? true };
}

/** @throws TypeError as above. */
export function encodeReplacement(
  replacement: ChannelReplacement & { readonly channelId?: string | undefined },
): Schemas["ChannelReplacement"] {
  const { schema, channelId, columnInfo, ...same } = replacement;
  checkLabels({ columnInfo, metadata: same.metadata, tags: same.tags });
  return withoutUndefined({
    ...same,
    channel_id: channelId,
    channel_schema: schema?.columns,
    column_info: columnInfo && withoutUndefined(columnInfo),
  });
}

/** @throws TypeError as above. */
export function encodePatch({ columnInfo, schema, ...same }: ChannelPatch): Schemas["ChannelPatch"] {
  checkLabels({ columnInfo, metadata: same.metadata, tags: same.tags });
  return withoutUndefined({ ...same, channel_schema: schema?.columns, column_info: columnInfo });
}

function checkLabels(labels: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(labels)) {
    const fault = findJsonFault(value);
    if (fault) throw new TypeError(`${name}${fault.path}: ${fault.reason}.`);
  }
}
