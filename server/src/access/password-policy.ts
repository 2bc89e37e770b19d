/** In charge of what makes a new password too weak. Its length is in the contract; no rules of composition, as NIST SP 800-63B advises. */
const FEWEST_CHARACTERS = 5;
const SHORTEST_TELLING = 4;

/** What is wrong with it, in words for its owner; null when it will do. */
export function findPasswordWeakness(password: string, names: readonly (string | null | undefined)[]): string | null {
  if (new Set(password).size < FEWEST_CHARACTERS) return `it consists of fewer than ${FEWEST_CHARACTERS} different characters`;
  const folded = password.toLowerCase();
  const told = ["kronicle", ...names].find(
    (name) => name && name.length >= SHORTEST_TELLING && folded.includes(name.toLowerCase()),
  );
  return told ? "it contains the name of the user or of the service" : null;
}
