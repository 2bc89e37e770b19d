import type { Operation } from "../contract/operation.ts";

export const getContractJson: Operation<"getContractJson"> = async (_request, { contract }) => ({
  status: 200,
  body: contract.json,
});
