import { JsonText } from "../contract/json-text.ts";
import type { Operation } from "../contract/operation.ts";

export const getContractJson: Operation<"getContractJson"> = async (_request, { contract }) => ({
  status: 200,
  body: new JsonText(contract.json),
});
