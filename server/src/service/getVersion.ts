import type { Operation } from "../contract/operation.ts";
import { SERVER_VERSION } from "../config/version.ts";

export const getVersion: Operation<"getVersion"> = async (_request, { contract }) => ({
  status: 200,
  body: { server: SERVER_VERSION, contract: contract.version },
});
