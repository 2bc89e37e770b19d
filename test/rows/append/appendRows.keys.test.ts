import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createChannel } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { asOwner, statement } from "../../support/owner.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();

const DEFINITION = { channel_schema: { value: "float" } };

function append(id: string, key: string, value: number) {
  return as("writer", server)
    .post(`/data/v1/channels/${id}/rows`)
    .set("Idempotency-Key", `"${key}"`)
    .send({ rows: [{ time: "2024-03-01T00:00:00Z", value }] });
}

async function readValues(id: string): Promise<number[]> {
  const { body } = await as("reader", server).get(`/api/v1/channels/${id}/rows`).expect(200);
  expect(body.available_rows).toBe(body.rows.length);
  return body.rows.map(({ value }: { value: number }) => value).toSorted((left: number, right: number) => left - right);
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

describe("the same request with one key, many at once", () => {
  test("is stored once; the others replay it or are told that it is running", async () => {
    const id = await createChannel(server, DEFINITION);
    const key = randomUUID();
    const answers = await Promise.all(numbers(30).map(() => append(id, key, 1)));

    const stored = answers.filter(({ status, headers }) => status === 200 && headers["idempotency-replayed"] === undefined);
    expect(stored).toHaveLength(1);
    const others = answers.filter((answer) => answer !== stored[0]);
    const replayed = others.filter(({ status, headers }) => status === 200 && headers["idempotency-replayed"] === "true");
    const refused = others.filter(({ status, body }) => status === 409 && body.code === "idempotency_in_progress");
    expect(replayed.length + refused.length).toBe(29);
    expect(await readValues(id)).toEqual([1]);
    const { headers, body } = await append(id, key, 1).expect(200);
    expect(headers["idempotency-replayed"]).toBe("true");
    expect(body).toEqual(stored[0]?.body);
  });
});

describe("keys that were used before", () => {
  test("are replayed among new ones, and neither gets in the way of the other", async () => {
    const ids = [await createChannel(server, DEFINITION), await createChannel(server, DEFINITION)] as const;
    const [left, right] = ids;
    const channelOf = (index: number) => (index % 2 === 0 ? left : right);
    const keys = numbers(40).map(() => randomUUID());
    const send = (index: number) => append(channelOf(index), keys[index] ?? "", index);

    const first = await Promise.all(numbers(20).map(send));
    expect(first.map(({ status }) => status)).toEqual(numbers(20).map(() => 200));
    const second = await Promise.all(numbers(40).map(send));
    expect(second.map(({ status }) => status)).toEqual(numbers(40).map(() => 200));
    const replayed = second.map(({ headers }) => headers["idempotency-replayed"] === "true");
    expect(replayed).toEqual(numbers(40).map((index) => index < 20));
    for (const index of numbers(20)) {
      expect(second[index]?.body.op_details).toEqual(first[index]?.body.op_details);
    }
    expect(await readValues(left)).toEqual(numbers(40).filter((index) => index % 2 === 0));
    expect(await readValues(right)).toEqual(numbers(40).filter((index) => index % 2 === 1));
  });

  test("are refused with another body, and their neighbours are not", async () => {
    const id = await createChannel(server, DEFINITION);
    const key = randomUUID();
    await append(id, key, 0).expect(200);
    const answers = await Promise.all(numbers(10).map((index) => append(id, index === 5 ? key : randomUUID(), index + 1)));
    expect(answers.map(({ status }) => status)).toEqual(numbers(10).map((index) => (index === 5 ? 422 : 200)));
    expect(answers[5]?.body).toMatchObject({ code: "idempotency_key_reused" });
    expect(await readValues(id)).toEqual([0, 1, 2, 3, 4, 5, 7, 8, 9, 10]);
  });

  test("are still known when they are older than a day and not yet forgotten", async () => {
    const id = await createChannel(server, DEFINITION);
    const key = randomUUID();
    await append(id, key, 1).expect(200);
    await asOwner(server.context, (owner) =>
      owner.query(statement("update kronicle.idempotency set created_at = now() - interval '25 hours'")),
    );
    const { headers } = await append(id, key, 1).expect(200);
    expect(headers["idempotency-replayed"]).toBe("true");
  });
});
