/** In charge of a database in which everything exists that the examples of the contract speak of, and no channel else. */
import { as } from "../support/http.ts";
import { asOwner, statement } from "../support/owner.ts";
import type { TestServer } from "../support/server.ts";

export const EXAMPLE_CHANNEL = "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10";
const EXAMPLE_KEY = "4fTq9ZbXw2Lk";
const EXAMPLE_USER = "0b0f3a52-3c5e-4f6a-9d55-0c3c1b1f7a21";
const EXAMPLE_LOGIN = { login: "ada@example.org", password: "correct horse battery staple" };

export async function prepareExamples(server: TestServer): Promise<void> {
  const admin = as("admin", server);
  const { body: channels } = await admin.get("/setup/v1/channels").expect(200);
  for (const { channel_id } of channels) await admin.delete(`/setup/v1/channels/${channel_id}`).expect(200);
  // Without a name, so that those of the examples are free.
  const channel_schema = { temperature: "float", note: "optional[str]", status: "optional[str]", labels: "optional[list]" };
  await admin.post("/setup/v1/channels").send({ channel_id: EXAMPLE_CHANNEL, channel_schema }).expect(201);

  const { body: key } = await admin.post("/auth/v1/keys").send({ lane: "writer" }).expect(201);
  await asOwner(server.context, async (owner) => {
    await owner.query(statement(`delete from kronicle.api_key where key_id = '${EXAMPLE_KEY}'`));
    await owner.query(statement(`update kronicle.api_key set key_id = '${EXAMPLE_KEY}' where key_id = '${key.key_id}'`));
    await owner.query(statement("delete from kronicle.user_account where name = 'grace'"));
    const whole = `disabled_at is null and token_version = 1 and id = '${EXAMPLE_USER}'`;
    await owner.query(statement(`delete from kronicle.user_account where email = '${EXAMPLE_LOGIN.login}' and not (${whole})`));
  });
  const { status } = await admin.get(`/rbac/v1/users/${EXAMPLE_USER}`);
  if (status === 200) return;
  const user = { email: EXAMPLE_LOGIN.login, name: "ada", role: "writer", password: EXAMPLE_LOGIN.password };
  const { body } = await admin.post("/rbac/v1/users").send(user).expect(201);
  await asOwner(server.context, (owner) =>
    owner.query(statement(`update kronicle.user_account set id = '${EXAMPLE_USER}' where id = '${body.id}'`)),
  );
}

/** A token of the user of the examples. */
export async function signInAsExample(server: TestServer): Promise<string> {
  const { body } = await as("reader", server).post("/auth/v1/login").send(EXAMPLE_LOGIN).expect(200);
  return body.access_token;
}
