/**
 * The pivot of the matrix: what each operation asks of its caller, written down by hand from the words of the contract. Expected results come
 * from here and from nowhere else; an operation without a row fails.
 */
import { randomUUID } from "node:crypto";
import { createKey, createUser, type Role, signIn } from "../../support/identity.ts";
import type { TestServer } from "../../support/server.ts";
import { CHANNELS, restoreChannel, ROW, type Target } from "./channels.ts";
import type { Principal } from "./principals.ts";

/** What makes a request succeed, if the caller may send it. */
type Request = {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** In place of that of the principal, where the operation makes it void. */
  readonly credential?: string;
};

export type Row = {
  /** `user`: somebody who has signed in, whatever the role. */
  readonly needs: "nothing" | Role | "user";
  readonly answers: 200 | 201;
  /** What a limited key gets for a channel outside of its limits; left out where no channel plays a part. */
  readonly outside?: 404 | "hidden";
  readonly prepare?: (server: TestServer, target: Target, principal: Principal) => Promise<Request> | Request;
};

const NEW_PASSWORD = "correct horse battery staple";

const list = (needs: Role): Row => ({
  needs,
  answers: 200,
  outside: "hidden",
  prepare: (_server, target) => ({ query: { name: target } }),
});

const read = (needs: Role): Row => ({ needs, answers: 200, outside: 404 });

const append = (needs: Role): Row => ({ needs, answers: 200, outside: 404, prepare: () => ({ body: { rows: [ROW] } }) });

const destroy = (
  request: (target: Target) => { readonly query?: Readonly<Record<string, string>>; readonly body?: object } = () => ({}),
): Row => ({
  needs: "admin",
  answers: 200,
  outside: 404,
  prepare: async (server, target) => {
    await restoreChannel(server, target);
    return request(target);
  },
});

const replace = (body: (target: Target) => object): Row => ({
  needs: "admin",
  answers: 200,
  outside: 404,
  prepare: (_server, target) => ({ body: body(target) }),
});

const onUser = (body?: object): Row => ({
  needs: "admin",
  answers: 200,
  prepare: async (server) => {
    const { id } = await createUser(server, "reader");
    return { parameters: { user_id: id }, ...(body ? { body } : {}) };
  },
});

const onKey = (answers: 200 | 201, body?: object): Row => ({
  needs: "admin",
  answers,
  prepare: async (server) => {
    const { key_id } = await createKey(server, { lane: "reader" });
    return { parameters: { key_id }, ...(body ? { body } : {}) };
  },
});

const open: Row = { needs: "nothing", answers: 200 };
const adminOnly: Row = { needs: "admin", answers: 200 };

export const ROWS: Readonly<Record<string, Row>> = {
  // Setup: the admin's.
  createChannel: { needs: "admin", answers: 201, prepare: () => ({ body: { channel_schema: { value: "float" } } }) },
  replaceChannelByBody: replace((target) => ({ channel_id: CHANNELS[target], metadata: { by: "matrix" } })),
  listChannelsAsAdmin: list("admin"),
  deleteChannels: destroy((target) => ({ body: { channel_ids: [CHANNELS[target]] } })),
  listColumnTypes: adminOnly,
  listColumnTypesByOldPath: adminOnly,
  getChannelAsAdmin: read("admin"),
  replaceChannel: replace(() => ({ metadata: { by: "matrix" } })),
  patchChannel: replace(() => ({ metadata: { by: "matrix" } })),
  deleteChannel: destroy(),
  readRowsAsAdmin: read("admin"),
  appendRowsAsAdmin: append("admin"),
  deleteRows: destroy(() => ({ query: { all: "true" } })),
  readColumnsAsAdmin: read("admin"),
  exportRowsAsAdmin: read("admin"),
  cloneChannel: { ...replace(() => ({ name: randomUUID(), copy_metadata: false })), answers: 201 },
  getCapabilities: adminOnly,

  // Data: the writer's.
  upsertChannel: {
    needs: "writer",
    answers: 200,
    outside: 404,
    prepare: (_server, target) => ({ body: { channel_id: CHANNELS[target], metadata: { by: "matrix" }, rows: [ROW] } }),
  },
  listChannelsAsWriter: list("writer"),
  getChannelAsWriter: read("writer"),
  appendRows: append("writer"),
  readRowsAsWriter: read("writer"),
  readColumnsAsWriter: read("writer"),
  exportRowsAsWriter: read("writer"),

  // Api: the reader's.
  listChannels: list("reader"),
  getChannel: read("reader"),
  readRows: read("reader"),
  readColumns: read("reader"),
  exportRows: read("reader"),
  aggregateRows: read("reader"),
  aggregateColumns: read("reader"),
  exportAggregate: read("reader"),
  sampleRows: { ...read("reader"), prepare: () => ({ query: { column: "value" } }) },
  getLatest: read("reader"),
  listLatest: list("reader"),
  listTags: { needs: "reader", answers: 200 },
  listTagValues: { needs: "reader", answers: 200, prepare: () => ({ parameters: { key: "team" } }) },

  // Who may do what.
  logIn: {
    ...open,
    prepare: async (server) => {
      const { email, password } = await createUser(server, "reader");
      return { body: { login: email, password } };
    },
  },
  changePassword: {
    needs: "user",
    answers: 200,
    prepare: async (server, _target, { role, isUser }) => {
      if (!role || !isUser) return { body: { password: "x", new_password: NEW_PASSWORD } };
      const user = await createUser(server, role);
      return { credential: await signIn(server, user), body: { password: user.password, new_password: NEW_PASSWORD } };
    },
  },
  listKeys: adminOnly,
  createKey: { needs: "admin", answers: 201, prepare: () => ({ body: { lane: "reader" } }) },
  revokeKey: onKey(200),
  rotateKey: onKey(201, { overlap_seconds: 0 }),
  rotateSigningKey: { needs: "admin", answers: 201 },
  getJwks: open,
  listUsers: adminOnly,
  createUser: {
    needs: "admin",
    answers: 201,
    prepare: () => ({ body: { email: `${randomUUID()}@example.org`, role: "reader", password: NEW_PASSWORD } }),
  },
  getUser: onUser(),
  patchUser: onUser({ full_name: "Ada Lovelace" }),
  deleteUser: onUser(),
  listAudit: adminOnly,

  // Any key, unless the configuration opens it.
  getMetrics: { needs: "reader", answers: 200 },

  // Open to all.
  getLiveness: open,
  getReadiness: open,
  getVersion: open,
  getContractYaml: open,
  getContractJson: open,
  getDocs: open,
  listProblems: open,
  getDocsAsset: { ...open, prepare: () => ({ parameters: { asset: "docs.css" } }) },
  getProblem: { ...open, prepare: () => ({ parameters: { code: "row_invalid" } }) },
};

const RANKS: readonly Role[] = ["reader", "writer", "admin"];

/** The rule by which a cell follows from its row and its column. */
export function expectedCell({ needs, answers, outside }: Row, { role, isUser, isLimited }: Principal, target: Target): string {
  if (needs === "nothing") return String(answers);
  if (role === null) return "401";
  if (needs === "user") return isUser ? String(answers) : "403";
  if (RANKS.indexOf(role) < RANKS.indexOf(needs)) return "403";
  return isLimited && target === "foreign" && outside ? String(outside) : String(answers);
}
