/**
 * In charge of passwords: what makes a new one too weak, and hashes. These are argon2id, stronger than OWASP's minimum (m=19456, t=2, p=1), and few at a time, for
 * each takes 64 MiB.
 */
import { hash, verify } from "@node-rs/argon2";
import pLimit from "p-limit";
import { setTimeout as sleep } from "node:timers/promises";
import { ProblemError } from "../problems/problem-error.ts";

const PARAMETERS = { memoryCost: 65_536, timeCost: 2, parallelism: 1 };
const MAX_CONCURRENT = 2;
const MAX_WAITING = 32;

const limit = pLimit(MAX_CONCURRENT);

/** Costs as much to compare with as a real one, and no password has it. */
const nobody = hash(crypto.randomUUID(), PARAMETERS);

/** How long the last comparisons took, with their wait, in milliseconds. */
const recent = [100];
const MAX_RECENT = 16;

/** Made-up logins cost nothing to make: one of them is hashed at a time, so that real ones find the queue free. */
let isUnknownHashed = false;

/** @throws ProblemError sign_in_busy */
export async function hashPassword(password: string): Promise<string> {
  refuseWhenFull();
  return limit(() => hash(password, PARAMETERS));
}

/**
 * @param stored null for an account that does not exist: it takes as long as others take just now, so that the time tells nothing.
 * @throws ProblemError sign_in_busy, whether or not there is such an account.
 */
export async function isPassword(stored: string | null, password: string): Promise<boolean> {
  refuseWhenFull();
  if (stored !== null) return compare(stored, password);
  if (isUnknownHashed) {
    await sleep(recent[Math.floor(Math.random() * recent.length)]);
    return false;
  }
  isUnknownHashed = true;
  try {
    await compare(await nobody, password);
  } finally {
    isUnknownHashed = false;
  }
  return false;
}

async function compare(stored: string, password: string): Promise<boolean> {
  const startedAt = performance.now();
  const isEqual = await limit(() => verify(stored, password));
  recent.push(performance.now() - startedAt);
  if (recent.length > MAX_RECENT) recent.shift();
  return isEqual;
}

function refuseWhenFull(): void {
  if (limit.pendingCount >= MAX_WAITING) throw signInBusy();
}

export function signInBusy(): ProblemError {
  return new ProblemError("sign_in_busy", "Too many people sign in at this moment. Try again in a second.");
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
