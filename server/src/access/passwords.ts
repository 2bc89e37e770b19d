/**
 * In charge of passwords: what makes a new one too weak, and hashes. These are argon2id, stronger than OWASP's minimum (m=19456, t=2, p=1), and few at a time, for
 * each takes 64 MiB.
 */
import { hash, verify } from "@node-rs/argon2";
import pLimit from "p-limit";
import { ProblemError } from "../problems/problem-error.ts";

const PARAMETERS = { memoryCost: 65_536, timeCost: 2, parallelism: 1 };
const MAX_CONCURRENT = 2;
const MAX_WAITING = 32;

const limit = pLimit(MAX_CONCURRENT);

/** Costs as much to compare with as a real one, and no password has it. */
const nobody = hash(crypto.randomUUID(), PARAMETERS);

/** @throws ProblemError sign_in_busy */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, PARAMETERS));
}

/**
 * To be called in turn.
 *
 * @param stored null for an account that does not exist: it takes as long, so that the time tells nothing.
 */
export async function isPassword(stored: string | null, password: string): Promise<boolean> {
  return (await verify(stored ?? (await nobody), password)) && stored !== null;
}

/** @throws ProblemError sign_in_busy at once, before anything else is done for a caller whom nobody knows yet. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (limit.pendingCount >= MAX_WAITING) {
    throw new ProblemError("sign_in_busy", "Too many people sign in at this moment. Try again in a second.");
  }
  return limit(work);
}

/** The length of a password is in the contract; there are no rules of composition, as NIST SP 800-63B advises. */
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
