/** The URLs of a setting that may name several, separated by commas. A comma within a URL stays: none begins another. */
export function splitUrls(list: string): readonly [string, ...string[]] {
  const [first = "", ...others] = list.split(/\s*,\s*(?=postgres(?:ql)?:\/\/)/);
  return [first, ...others];
}
