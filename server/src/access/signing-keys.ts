/** In charge of the keys that sign tokens: kept in the database, known to all servers, replaced now and then without a gap. */
import { type CryptoKey, exportJWK, generateKeyPair, importJWK } from "jose";
import type { DatabasePool } from "slonik";
import { insertSigningKey } from "./queries/insertSigningKey.ts";
import { selectSigningKeys, type StoredSigningKey } from "./queries/selectSigningKeys.ts";
import { MS_PER_DAY } from "../formats/instant.ts";
import { startBackgroundLoop } from "../observation/background-loop.ts";
import type { Observe } from "../observation/observation.ts";

export const SIGNING_ALGORITHM = "EdDSA";

const REFRESH_MS = 2_000;
/** A new key signs only once every server and every reader of the key set has had the time to learn of it. */
const LEAD_MS = 10_000;
/** Longer than any token lives that the key before has signed. */
const OVERLAP_MS = 30 * 60_000;
const REPLACED_AFTER_MS = 30 * MS_PER_DAY;

/** A public key as it is published. */
type PublishedKey = {
  readonly kid: string;
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly alg: string;
  readonly use: string;
};

type LiveKey = { readonly kid: string; readonly publicKey: CryptoKey | Uint8Array; readonly published: PublishedKey };

export type SigningKeys = AsyncDisposable & {
  /** The key that signs now. */
  readonly signer: () => Promise<{ readonly kid: string; readonly privateKey: CryptoKey | Uint8Array }>;
  /** Null unless this key may have signed a token that still lives. Asks no database. */
  readonly find: (kid: string) => CryptoKey | Uint8Array | null;
  /** RFC 7517, public parts only. */
  readonly publicSet: () => readonly PublishedKey[];
  /** Makes a key that replaces the one that signs now, and returns its id. */
  readonly rotate: () => Promise<string>;
};

export async function startSigningKeys(pool: DatabasePool, observe: Observe): Promise<SigningKeys> {
  let stored: readonly StoredSigningKey[] = [];
  let live: readonly LiveKey[] = [];

  const refresh = async () => {
    stored = await selectSigningKeys(pool);
    const isSuperseded = (index: number) => stored.slice(index + 1).some(({ age_ms }) => age_ms > OVERLAP_MS);
    live = await Promise.all(
      stored
        .filter((_key, index) => !isSuperseded(index))
        .map(async ({ kid, public_jwk }) => ({
          kid,
          published: { kid, kty: public_jwk.kty, crv: public_jwk.crv, x: public_jwk.x, alg: SIGNING_ALGORITHM, use: "sig" },
          publicKey: await importJWK(public_jwk, SIGNING_ALGORITHM),
        })),
    );
  };
  const add = async (unlessYoungerThanMs: number) => {
    const pair = await generateKeyPair(SIGNING_ALGORITHM, { crv: "Ed25519", extractable: true });
    const kid = crypto.randomUUID();
    const [privateJwk, publicJwk] = [await exportJWK(pair.privateKey), await exportJWK(pair.publicKey)];
    await insertSigningKey(pool, { kid, privateJwk, publicJwk }, unlessYoungerThanMs);
    await refresh();
    return kid;
  };

  const renew = async () => {
    await refresh();
    const newest = stored.at(-1);
    if (!newest || newest.age_ms > REPLACED_AFTER_MS) await add(REPLACED_AFTER_MS);
  };

  await renew();

  const renewing = startBackgroundLoop({
    pauseMs: REFRESH_MS,
    round: renew,
    onFailure: (error) => observe({ event: "signing_keys_unread", error }),
  });

  return {
    signer: async () => {
      const ready = stored.findLast(({ age_ms }) => age_ms >= LEAD_MS) ?? stored[0];
      if (!ready) throw new Error("there is no signing key, though one was made at the start");
      return { kid: ready.kid, privateKey: await importJWK(ready.private_jwk, SIGNING_ALGORITHM) };
    },
    find: (kid) => live.find((key) => key.kid === kid)?.publicKey ?? null,
    publicSet: () => live.map(({ published }) => published),
    rotate: () => add(0),
    [Symbol.asyncDispose]: () => renewing[Symbol.asyncDispose](),
  };
}
