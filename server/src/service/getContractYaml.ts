import type { Operation } from "../contract/operation.ts";

export const getContractYaml: Operation<"getContractYaml"> = async (_request, { contract }) => ({
  status: 200,
  type: "application/yaml",
  body: contract.yaml,
});
