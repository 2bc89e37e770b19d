/** In charge of keeping out routes that the contract does not know. */
import type { Express } from "express";
import { type Contract, ContractError } from "./contract.ts";

/** @throws ContractError names the first route that is not in the contract. */
export function assertOnlyContractRoutes(app: Express, contract: Contract): void {
  const known = new Map<string, Set<string>>();
  for (const { path, method } of contract.operations) {
    const route = path.replaceAll(/\{(\w+)\}/g, ":$1");
    known.set(route, (known.get(route) ?? new Set(["_all"])).add(method));
  }
  for (const { path, methods } of routesOf(app.router, "")) {
    const allowed = known.get(path);
    const unknown = methods.find((method) => !allowed?.has(method));
    if (!allowed || unknown !== undefined) {
      throw new ContractError(
        `The server has a route ${path}${allowed ? ` for ${unknown}` : ""}, which the contract does not know.`,
      );
    }
  }
}

type Route = { readonly path: string; readonly methods: readonly string[] };

/** Express has no list of its routes: they are found in the layers of its routers. */
function routesOf(router: unknown, prefix: string): Route[] {
  const layers: unknown = read(router, "stack");
  if (!Array.isArray(layers)) return [];
  return layers.flatMap((layer: unknown) => {
    const route = read(layer, "route");
    if (route !== undefined) {
      const paths = [read(route, "path")].flat();
      const methods = Object.keys(Object(read(route, "methods")));
      return paths.map((path) => ({ path: `${prefix}${String(path)}`, methods }));
    }
    // Where a router is mounted cannot be read, but that it is not at the root.
    return routesOf(read(layer, "handle"), read(layer, "slash") === true ? prefix : `${prefix}(mounted)`);
  });
}

function read(value: unknown, key: string): unknown {
  return (typeof value === "object" || typeof value === "function") && value !== null ? Reflect.get(value, key) : undefined;
}
