import type { Operation } from "../contract/operation.ts";
import { isAssetName, readAsset } from "./docs/assets.ts";
import { ProblemError } from "../problems/problem-error.ts";

const A_YEAR = "public, max-age=31536000, immutable";

export const getDocsAsset: Operation<"getDocsAsset"> = async ({ path, query }) => {
  if (!isAssetName(path.asset)) throw new ProblemError("path_not_found", "The docs have no such file.");
  const { type, text, fingerprint } = readAsset(path.asset);
  return {
    status: 200,
    type,
    // A page of another version must not get this content kept under its own address.
    headers: { "Cache-Control": query.v === fingerprint ? A_YEAR : "no-cache" },
    body: text,
  };
};
