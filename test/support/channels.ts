/** In charge of channels that a test needs before it comes to its point, made as each role would. What a test is about it sends itself. */
import { as } from "./http.ts";
import { KEYS, type TestServer } from "./server.ts";

type Definition = Readonly<Record<string, unknown>>;
type Server = Pick<TestServer, "url">;

/** As an admin. @returns its id. */
export async function createChannel(server: Server, definition: Definition): Promise<string> {
  const { body } = await as("admin", server).post("/setup/v1/channels").send(definition).expect(201);
  return body.channel_id;
}

/** As a writer: a new channel with its first rows. @returns its id. */
export async function createFilledChannel(
  server: Server,
  definition: Definition & { readonly rows: readonly object[] },
): Promise<string> {
  const { body } = await as("writer", server).post("/data/v1/channels").send(definition).expect(201);
  return body.channel_id;
}

/** As a writer. */
export async function appendRows(server: Server, channelId: string, rows: readonly object[]): Promise<void> {
  await as("writer", server).post(`/data/v1/channels/${channelId}/rows`).send({ rows }).expect(200);
}

/** As a writer: a body as it is, whatever becomes of it. */
export async function appendBody(
  server: Server,
  channelId: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = {},
) {
  const response = await fetch(`${server.url}/data/v1/channels/${channelId}/rows`, {
    method: "POST",
    headers: { Authorization: `Bearer ${KEYS.writer}`, "Content-Type": "application/json", ...headers },
    body,
  });
  return { status: response.status, replayed: response.headers.get("Idempotency-Replayed"), body: await response.json() };
}

/** As a reader. @param query with its question mark. */
export async function readRows(server: Server, channelId: string, query = ""): Promise<Record<string, unknown>[]> {
  const { body } = await as("reader", server).get(`/api/v1/channels/${channelId}/rows${query}`).expect(200);
  return body.rows;
}

/** As a reader: what the channel says of itself. */
export async function getChannel(server: Server, channelId: string) {
  const { body } = await as("reader", server).get(`/api/v1/channels/${channelId}`).expect(200);
  return body;
}

/** As a reader. */
export async function countRows(server: Server, channelId: string): Promise<number> {
  return (await getChannel(server, channelId)).available_rows;
}
