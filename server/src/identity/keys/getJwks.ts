import type { Operation } from "../../contract/operation.ts";

export const getJwks: Operation<"getJwks"> = async (_request, { access }) => ({
  status: 200,
  body: { keys: [...access.signingKeys.publicSet()] },
});
