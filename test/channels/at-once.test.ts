import { beforeAll, describe, expect, test } from "vitest";
import { as } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();
const AT_ONCE = 8;
const channel_schema = { value: "float" };

const statuses = (answers: readonly { status: number }[]) =>
  answers.map(({ status }) => status).toSorted((one, other) => other - one);
const atOnce = <T>(send: (index: number) => PromiseLike<T>) =>
  Promise.all(Array.from({ length: AT_ONCE }, (_, index) => Promise.resolve(send(index))));
const ONE_CREATES = [201, ...Array<number>(AT_ONCE - 1).fill(200)];

beforeAll(() => as("admin", server).post("/setup/v1/channels").send({ channel_schema }).expect(201));

describe("the same new channel, eight times at once", () => {
  test.each([1, 2, 3])("is made by one PUT, and found by the others (%i)", async (round) => {
    const id = crypto.randomUUID();
    const body = { name: `put ${round}`, channel_schema, metadata: { round } };
    const answers = await atOnce(() => as("admin", server).put(`/setup/v1/channels/${id}`).send(body));
    expect(statuses(answers)).toEqual(ONE_CREATES);
    expect(new Set(answers.map((answer) => answer.body.channel_id))).toEqual(new Set([id]));
  });

  test.each([
    { how: "by name", names: {} },
    { how: "by id and name", names: { channel_id: crypto.randomUUID() } },
  ])("is made by one upsert, and found by the others, $how, and has the rows of all", async ({ how, names }) => {
    const body = { name: how, channel_schema, metadata: { how }, ...names };
    const answers = await atOnce((index) =>
      as("writer", server)
        .post("/data/v1/channels")
        .send({ ...body, rows: [{ value: index }] }),
    );
    expect(statuses(answers)).toEqual(ONE_CREATES);
    const [id, ...others] = new Set(answers.map((answer) => answer.body.channel_id));
    expect(others).toEqual([]);
    const { body: found } = await as("reader", server).get(`/api/v1/channels/${id}`).expect(200);
    expect(found.available_rows).toBe(AT_ONCE);
  });
});

test("a name that another channel has is refused, even at once", async () => {
  await as("admin", server).post("/setup/v1/channels").send({ name: "taken", channel_schema }).expect(201);
  const answers = await atOnce(() =>
    as("admin", server).put(`/setup/v1/channels/${crypto.randomUUID()}`).send({ name: "taken", channel_schema }),
  );
  expect(statuses(answers)).toEqual(Array<number>(AT_ONCE).fill(409));
  for (const { body } of answers) expect(body.code).toBe("channel_exists");
});
