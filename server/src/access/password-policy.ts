/** In charge of what makes a new password too weak. Its length is in the contract; no rules of composition, as NIST SP 800-63B advises. */
const MIN_DISTINCT_CHARACTERS = 5;
const MIN_TELLING_LENGTH = 4;

/** What is wrong with it, in words for its owner; null when it will do. */
export function findPasswordWeakness(password: string, names: readonly (string | null | undefined)[]): string | null {
  if (new Set(password).size < MIN_DISTINCT_CHARACTERS)
    return `it consists of fewer than ${MIN_DISTINCT_CHARACTERS} different characters`;
  const folded = password.toLowerCase();
  const told = ["kronicle", ...names].find(
    (name) => name && name.length >= MIN_TELLING_LENGTH && folded.includes(name.toLowerCase()),
  );
  return told ? "it contains the name of the user or of the service" : null;
}
