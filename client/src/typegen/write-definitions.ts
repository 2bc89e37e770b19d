/** In charge of definitions as the text of a module, the same for the same channels whatever their order. */
import { parseColumnType } from "../channel/column-type.ts";
import { type DescribedChannel, identityOf, nameChannels } from "./name-channels.ts";
import { UsageError } from "../commands/usage-error.ts";

type Options = { readonly times: "exact" | "date" };

const HEAD = `// Made by \`kronicle typegen\`, from the channels of a service. To change it, make it anew.
import { defineChannel } from "@kronicle/client";
`;

/** Needs no quotes as the name of a property, to whatever formats the file later. */
const PLAIN_NAME = /^[A-Za-z_$][\w$]*$/;

/** @throws UsageError when two channels are the same, or a column has a type that this version does not know. */
export function writeDefinitions(channels: readonly DescribedChannel[], options: Options): string {
  const names = nameChannels(checkDifferent(channels));
  const sorted = [...names].sort(([, one], [, other]) => (one < other ? -1 : 1));
  return [HEAD, ...sorted.map(([channel, name]) => writeDefinition(channel, name, options))].join("\n");
}

function checkDifferent(channels: readonly DescribedChannel[]): readonly DescribedChannel[] {
  const seen = new Set<string>();
  for (const channel of channels) {
    const identity = identityOf(channel);
    if (seen.has(identity)) throw new UsageError(`There are two channels with the ${toComment(identity)}.`);
    seen.add(identity);
  }
  return channels;
}

function writeDefinition(channel: DescribedChannel, name: string, { times }: Options): string {
  const columns = Object.entries(channel.channel_schema).filter(([column]) => column !== "time");
  const lines = columns.flatMap(([column, type]) => writeInfo(channel, column).concat(writeColumn(channel, column, type)));
  const definition =
    times === "exact"
      ? ["defineChannel({", ...lines.map(indent), "});"]
      : ["defineChannel(", "  {", ...lines.map(indent).map(indent), "  },", '  { times: "date" },', ");"];
  return `/** ${titleOf(channel)} */\nexport const ${name} = ${definition.join("\n")}\n`;
}

function writeColumn(channel: DescribedChannel, column: string, type: string): string {
  const place = `${titleOf(channel)} Column "${toComment(column)}"`;
  if (!parseColumnType(type)) {
    throw new UsageError(`${place} is of the type "${toComment(type)}", which this version of @kronicle/client does not know.`);
  }
  // In the text of a program it would not be a column, but the prototype of all columns.
  if (column === "__proto__") throw new UsageError(`${place} has a name that no channel can have.`);
  return `${PLAIN_NAME.test(column) ? column : JSON.stringify(column)}: ${JSON.stringify(type)},`;
}

function writeInfo({ column_info = {} }: DescribedChannel, column: string): string[] {
  const { unit, description } = (Object.hasOwn(column_info, column) ? column_info[column] : undefined) ?? {};
  const words = [unit, description].filter((text) => text !== undefined).map(toComment);
  return words.length === 0 ? [] : [`/** ${words.join("; ")} */`];
}

function titleOf({ name, channel_id }: DescribedChannel): string {
  return name === undefined || name === null ? `Channel ${toComment(channel_id ?? "")}.` : `Channel "${toComment(name)}".`;
}

/** Texts come from whoever made the channel: none may end the comment, or hide what follows. */
function toComment(text: string): string {
  return text.replaceAll(/[\p{C}\p{Z}]+/gu, " ").replaceAll("*/", "*\\/");
}

function indent(line: string): string {
  return `  ${line}`;
}
