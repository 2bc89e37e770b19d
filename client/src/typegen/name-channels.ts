/** In charge of the names that channels have in a program. */
import { createHash } from "node:crypto";

type Info = { readonly unit?: string | undefined; readonly description?: string | undefined };

/** What has to be known of a channel to define it, in the words of the contract. It has a name, an id, or both. */
export type DescribedChannel = {
  readonly name?: string | null | undefined;
  readonly channel_id?: string | undefined;
  readonly channel_schema: Readonly<Record<string, string>>;
  readonly column_info?: Readonly<Record<string, Info>> | undefined;
};

/** Latin, Greek and Cyrillic, kana, Han and Hangul. Compilers differ on which of the younger characters are letters. */
const LETTERS_AND_DIGITS = /(?:(?!_)[0-\u052f\u3040-\u9fff\uac00-\ud7a3](?<=\p{ID_Continue}))+/gu;
const START = /^\p{ID_Start}/u;

const MIN_SUFFIX = 6;

/** What a module of TypeScript, ES or CommonJS, cannot declare, and what ours imports. */
const TAKEN = new Set(
  `arguments as async await break case catch class const continue debugger default defineChannel delete do else enum eval export exports
  extends false finally for function globalThis if implements import in instanceof interface let module new null package private
  protected public require return static super switch this throw true try typeof undefined var void while with yield`.split(
    /\s+/,
  ),
);

/**
 * A name for each channel, all different, and each a valid identifier.
 *
 * Where several channels would get the same, none does: each gets a suffix that only depends on itself. A channel that is added later
 * can so make a program stop compiling, and never make it mean another channel.
 */
export function nameChannels(channels: readonly DescribedChannel[]): Map<DescribedChannel, string> {
  const groups = new Map<string, DescribedChannel[]>();
  for (const channel of channels) {
    const identifier = toIdentifier(channel);
    const group = groups.get(identifier);
    if (group) group.push(channel);
    else groups.set(identifier, [channel]);
  }
  const named = [...groups].flatMap(([identifier, group]) => {
    const [only] = group;
    return only && group.length === 1 ? [[only, identifier] as const] : withSuffixes(identifier, group);
  });
  return new Map(named);
}

/** No identifier has an underscore by itself. */
function withSuffixes(identifier: string, group: readonly DescribedChannel[]) {
  const hashes = group.map((channel) => createHash("sha256").update(identityOf(channel)).digest("hex"));
  let length = MIN_SUFFIX;
  while (new Set(hashes.map((hash) => hash.slice(0, length))).size < group.length) length++;
  return group.map((channel, index) => [channel, `${identifier}_${hashes[index]?.slice(0, length)}`] as const);
}

/** Different for all channels of a service, and for those with a name the same in each service. */
export function identityOf({ name, channel_id }: DescribedChannel): string {
  return name === undefined || name === null ? `id ${channel_id}` : `name ${name}`;
}

function toIdentifier({ name, channel_id = "" }: DescribedChannel): string {
  const [first = "", ...others] = (name ?? `channel${channel_id.slice(0, 8)}`).normalize("NFC").match(LETTERS_AND_DIGITS) ?? [];
  const joined = [lowered(first), ...others.map((word) => recased(word, (letter) => letter.toUpperCase()))].join("");
  const identifier = START.test(joined) ? joined : `channel${joined}`;
  return TAKEN.has(identifier) ? `${identifier}Channel` : identifier;
}

/** `CPU load` becomes `cpuLoad`, and `Room3` becomes `room3`. */
function lowered(word: string): string {
  return /^[A-Z\d]+$/.test(word) ? word.toLowerCase() : recased(word, (letter) => letter.toLowerCase());
}

/** Left alone where the other case is not a letter of the same scripts. */
function recased(word: string, recase: (letter: string) => string): string {
  const [letter = ""] = word;
  const changed = recase(letter);
  return (changed.match(LETTERS_AND_DIGITS)?.[0] === changed ? changed : letter) + word.slice(letter.length);
}
