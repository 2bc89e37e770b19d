import type { Operation } from "../../contract/operation.ts";
import { recordAudit } from "../../audit/queries/recordAudit.ts";
import { authorOf } from "../../audit/author.ts";

/** Tokens that the key before has signed stay valid until they expire. */
export const rotateSigningKey: Operation<"rotateSigningKey"> = async (request, { access, database }) => {
  const kid = await access.signingKeys.rotate();
  await recordAudit(database.pools.auth, { ...authorOf(request), action: "signing_key_rotated", target: kid });
  return { status: 201, body: { kid } };
};
