/** In charge of what really happens when each principal calls an operation. */
import type { DocumentedOperation } from "../../contract/document.ts";
import type { TestServer } from "../../support/server.ts";
import { CHANNELS, restoreChannel, type Target, TARGETS } from "./channels.ts";
import { type Principal, PRINCIPALS } from "./principals.ts";
import { expectedCell, type Row } from "./rows.ts";

/** By the name of the principal. */
export type Credentials = ReadonlyMap<string, string | null>;

export type Cell = {
  readonly principal: Principal;
  readonly target: Target;
  /** A status, or `hidden` for a list that leaves the channel out. */
  readonly measured: string;
  readonly expected: string;
};

export async function obtainCredentials(server: TestServer): Promise<Credentials> {
  const credentials = new Map<string, string | null>();
  for (const principal of PRINCIPALS) credentials.set(principal.name, await principal.obtain(server));
  return credentials;
}

export async function measureRow(
  server: TestServer,
  operation: DocumentedOperation,
  row: Row,
  credentials: Credentials,
): Promise<readonly Cell[]> {
  // Some operations delete them, and every one finds them.
  for (const target of TARGETS) await restoreChannel(server, target);
  const cells: Cell[] = [];
  for (const principal of PRINCIPALS) {
    for (const target of TARGETS) {
      const credential = credentials.get(principal.name) ?? null;
      const measured = await call(server, operation, row, { principal, credential, target });
      cells.push({ principal, target, measured, expected: expectedCell(row, principal, target) });
    }
  }
  return cells;
}

type Caller = { readonly principal: Principal; readonly credential: string | null; readonly target: Target };

async function call(
  server: TestServer,
  { method, path }: DocumentedOperation,
  { prepare, outside }: Row,
  { principal, credential, target }: Caller,
): Promise<string> {
  const request = (await prepare?.(server, target, principal)) ?? {};
  const parameters: Readonly<Record<string, string>> = { channel_id: CHANNELS[target], ...request.parameters };
  const url = new URL(
    path.replaceAll(/\{(\w+)\}/g, (_all, name) => parameters[name] ?? ""),
    server.url,
  );
  for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);

  const sent = request.credential ?? credential;
  const response = await fetch(url, {
    method: method.toUpperCase(),
    headers: {
      ...(sent === null ? {} : { Authorization: `Bearer ${sent}` }),
      ...(request.body ? { "Content-Type": "application/json" } : {}),
    },
    ...(request.body ? { body: JSON.stringify(request.body) } : {}),
  });
  const text = await response.text();
  if (outside === "hidden" && response.status === 200 && !text.includes(CHANNELS[target])) return "hidden";
  return String(response.status);
}
