/** In charge of finding the operation for a path and a method, exactly as the contract writes them. */
import { type RequestHandler, Router } from "express";
import type { Contract, ContractOperation } from "../../contract/contract.ts";
import { didYouMean } from "../../formats/did-you-mean.ts";
import { ProblemError } from "../../problems/problem-error.ts";
import { requestState } from "./request-state.ts";

/** Only routes from the contract come to life here; the steps behind it ask the request state which operation it is. */
export function contractRouter(contract: Contract): Router {
  // Case and trailing slashes count: a proxy that guards /setup/ has to see the same paths as we do.
  const router = Router({ caseSensitive: true, strict: true });
  // A path without parameters goes first: /channels/batch-delete is no channel.
  const paths = [...Map.groupBy(contract.operations, ({ path }) => path)].toSorted(
    ([left], [right]) => parameterCount(left) - parameterCount(right),
  );
  for (const [path, operations] of paths) router.all(path.replaceAll(/\{(\w+)\}/g, ":$1"), chooseOperation(operations));

  router.use((request) => {
    const near = didYouMean(request.path, nearPaths(request.path, contract));
    throw new ProblemError("path_not_found", `The contract has no path ${request.path}${near || "; /openapi.yaml lists them."}`);
  });
  return router;
}

/** The paths of the contract that have as many parts, but for a slash too many, with the values of this one where they have parameters. */
function nearPaths(path: string, { operations }: Contract): string[] {
  const parts = (path.endsWith("/") ? path.slice(0, -1) : path).split("/");
  return operations
    .map((operation) => operation.path.split("/"))
    .filter((known) => known.length === parts.length)
    .map((known) => known.map((part, index) => (part.startsWith("{") ? (parts[index] ?? "") : part)).join("/"));
}

function parameterCount(path: string): number {
  return path.split("{").length;
}

function chooseOperation(operations: readonly ContractOperation[]): RequestHandler {
  const byMethod = new Map(operations.map((operation) => [operation.method.toUpperCase(), operation]));
  const allowed = [...byMethod.keys()].flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])).join(", ");

  return (request, response, next) => {
    if (request.method === "OPTIONS") {
      response.set("Allow", `${allowed}, OPTIONS`).status(204).end();
      return;
    }
    // Node decided at the start that a HEAD gets no body; for everything behind us it is a GET.
    if (request.method === "HEAD") request.method = "GET";
    const operation = byMethod.get(request.method);
    if (!operation) {
      throw new ProblemError("method_not_allowed", `${request.method} is not among ${allowed}.`, { headers: { Allow: allowed } });
    }
    const state = requestState(request);
    state.operation = operation;
    // Express forgets the parameters of a route once the route is left.
    state.path = request.params;
    if (!request.accepts([...operation.produces])) {
      throw new ProblemError("not_acceptable", `This operation answers ${operation.produces.join(", ")}.`);
    }
    next("router");
  };
}
