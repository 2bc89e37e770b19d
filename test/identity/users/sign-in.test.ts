import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { hashPassword, isPassword } from "../../../server/src/access/passwords.ts";
import { anonymous } from "../../support/http.ts";
import { createUser, type TestUser } from "../../support/identity.ts";
import { inParallel } from "../../support/in-parallel.ts";
import { asOwner, statement } from "../../support/owner.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const MOST_ATTEMPTS = 10;
const QUARTER_OF_AN_HOUR_S = 900;

const server = useTestServer();

type Answer = { readonly status: number; readonly retryAfter: number };

async function guess(login: string, password: string = randomUUID()): Promise<Answer> {
  const response = await anonymous(server).post("/auth/v1/login").send({ login, password });
  return { status: response.status, retryAfter: Number(response.get("Retry-After") ?? Number.NaN) };
}

const countOf = (answers: readonly Answer[], status: number) => answers.filter((answer) => answer.status === status).length;

/** How often the trail has it; refusals are summed by the minute. */
async function timesOf(action: string, target: string | null): Promise<number> {
  const whose = target === null ? "e.target is null" : `e.target = '${target}'`;
  const found = await asOwner(server.context, (owner) =>
    owner.one(
      statement(
        `select coalesce(sum(e.times), 0)::integer as times from kronicle.audit_entry e where e.action = '${action}' and ${whose}`,
      ),
    ),
  );
  return Number(found["times"]);
}

/** Lets the quarter of an hour pass for all accounts. */
async function wait(interval: string): Promise<void> {
  await asOwner(server.context, (owner) =>
    owner.query(statement(`update kronicle.sign_in_attempt set since = since - interval '${interval}'`)),
  );
}

describe("a thousand guesses", () => {
  test("at one password are ten, for the rest is not even looked at", async () => {
    const user = await createUser(server, "admin");
    const answers = await inParallel(1_000, 8, () => guess(user.email));
    expect(countOf(answers, 401)).toBe(MOST_ATTEMPTS);
    expect(countOf(answers, 429)).toBe(1_000 - MOST_ATTEMPTS);
    for (const { status, retryAfter } of answers) {
      if (status !== 429) continue;
      expect(retryAfter).toBeGreaterThan(0);
      expect(retryAfter).toBeLessThanOrEqual(QUARTER_OF_AN_HOUR_S);
    }
    // Each hash is followed by the one entry, and each refusal by the other.
    expect(await timesOf("sign_in_failed", user.id)).toBe(MOST_ATTEMPTS);
    expect(await timesOf("sign_in_throttled", user.id)).toBe(1_000 - MOST_ATTEMPTS);
    expect(await guess(user.email, user.password)).toMatchObject({ status: 429 });
  }, 180_000);

  test("for an account that does not exist go the same way", async () => {
    const answers = await inParallel(200, 8, () => guess("nobody@example.org"));
    expect(countOf(answers, 401)).toBe(MOST_ATTEMPTS);
    expect(countOf(answers, 429)).toBe(200 - MOST_ATTEMPTS);
    expect(await timesOf("sign_in_failed", null)).toBe(MOST_ATTEMPTS);
  });

  test("at once do not slip past each other", async () => {
    const user = await createUser(server, "reader");
    // As many as may wait in the queue.
    const answers = await Promise.all(Array.from({ length: 32 }, () => guess(user.email)));
    expect(countOf(answers, 401)).toBe(MOST_ATTEMPTS);
    expect(countOf(answers, 429)).toBe(32 - MOST_ATTEMPTS);
  });
});

describe("the ten attempts", () => {
  async function useUp(login: string): Promise<void> {
    for (let count = 0; count < MOST_ATTEMPTS; count++) expect(await guess(login)).toMatchObject({ status: 401 });
    expect(await guess(login)).toMatchObject({ status: 429 });
  }

  test("are there again after a quarter of an hour, and not before", async () => {
    const user = await createUser(server, "reader");
    await useUp(user.email);
    await wait("14 minutes");
    const { status, retryAfter } = await guess(user.email, user.password);
    expect(status).toBe(429);
    expect(retryAfter).toBeLessThanOrEqual(60);
    await wait("1 minute");
    expect(await guess(user.email, user.password)).toMatchObject({ status: 200 });
  });

  test("are not put off by further guesses", async () => {
    const user = await createUser(server, "reader");
    await useUp(user.email);
    await wait("14 minutes");
    for (let count = 0; count < 5; count++) await guess(user.email);
    await wait("1 minute");
    expect(await guess(user.email, user.password)).toMatchObject({ status: 200 });
  });

  test("are shared by all ways to write one login", async () => {
    const user = await createUser(server, "reader", { name: "many ways" });
    const ways = [user.email, user.email.toUpperCase(), "many ways"];
    for (let count = 0; count < MOST_ATTEMPTS; count++) {
      expect(await guess(ways[count % ways.length] ?? "")).toMatchObject({ status: 401 });
    }
    for (const way of ways) expect(await guess(way)).toMatchObject({ status: 429 });
  });

  test("belong to one account, and leave others alone", async () => {
    const [guessed, other] = [await createUser(server, "reader"), await createUser(server, "reader")];
    await useUp(guessed.email);
    expect(await guess(other.email, other.password)).toMatchObject({ status: 200 });
  });

  test("begin anew with a sign-in", async () => {
    const user = await createUser(server, "reader");
    for (let count = 0; count < MOST_ATTEMPTS - 1; count++) await guess(user.email);
    expect(await guess(user.email, user.password)).toMatchObject({ status: 200 });
    await useUp(user.email);
  });

  test("leave a token alone that the user has already", async () => {
    const user = await createUser(server, "reader");
    const { body } = await anonymous(server).post("/auth/v1/login").send({ login: user.email, password: user.password });
    await useUp(user.email);
    await anonymous(server).get("/api/v1/channels").set("Authorization", `Bearer ${body.access_token}`).expect(200);
  });
});

describe("the time of an answer", () => {
  const median = (times: readonly number[]) => times.toSorted((left, right) => left - right)[Math.floor(times.length / 2)] ?? 0;

  async function timeOf(login: string): Promise<number> {
    const start = performance.now();
    expect(await guess(login)).toMatchObject({ status: 401 });
    return performance.now() - start;
  }

  test("does not tell whether there is such an account", async () => {
    const users: TestUser[] = [];
    for (let count = 0; count < 3; count++) users.push(await createUser(server, "reader"));
    const [known, unknown]: [number[], number[]] = [[], []];
    // By turns, so that a busy machine slows both.
    for (let round = 0; round < 8; round++) {
      for (const user of users) {
        known.push(await timeOf(user.email));
        unknown.push(await timeOf(`${randomUUID()}@example.org`));
      }
    }
    // Without a hash for the unknown ones it is a tenth.
    const ratio = median(unknown) / median(known);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  }, 120_000);
});

describe("made-up logins", () => {
  test("by the hundred push out nobody, and get the answer of a wrong password themselves", async () => {
    await wait("1 hour");
    const user = await createUser(server, "reader");
    let unsettled = 0;
    const attempts = Array.from({ length: 150 }, async () => {
      unsettled += 1;
      const answer = await guess(`${randomUUID()}@example.org`);
      unsettled -= 1;
      return answer;
    });
    await anonymous(server).get("/health/live").expect(200);
    expect(unsettled).toBeGreaterThan(0);
    expect(await guess(user.email, user.password)).toMatchObject({ status: 200 });
    expect(await guess(user.email)).toMatchObject({ status: 401 });

    const answers = await Promise.all(attempts);
    expect(countOf(answers, 401)).toBe(150);
    // Their attempts are counted like those of accounts.
    const stored = await asOwner(server.context, (owner) =>
      owner.one(
        statement("select count(*)::integer as count from kronicle.sign_in_attempt where since > now() - interval '15 minutes'"),
      ),
    );
    expect(stored["count"]).toBe(151);
  });

  test("are hashed one at a time, and the others are answered after as long as that takes", async () => {
    const hashes = await Promise.all(Array.from({ length: 40 }, () => isPassword(null, randomUUID())));
    expect(hashes).toEqual(Array<boolean>(40).fill(false));
    const all = Array.from({ length: 100 }, () => isPassword(null, randomUUID()));
    // None of them waits for a hash in front of this one, but the one that is hashed.
    const own = await hashPassword("correct horse battery staple");
    expect(await isPassword(own, "correct horse battery staple")).toBe(true);
    await Promise.all(all);
  });
});

describe("more sign-ins with accounts than can be checked", () => {
  test("are refused with 503, as are those without one, and leave the rest of the service alone", async () => {
    await wait("1 hour");
    const users: TestUser[] = [];
    for (let count = 0; count < 8; count++) users.push(await createUser(server, "reader"));
    const attempts = users.flatMap(({ email }) => Array.from({ length: MOST_ATTEMPTS }, () => guess(email)));
    const answers = await Promise.all([...attempts, ...Array.from({ length: 20 }, () => guess(`${randomUUID()}@example.org`))]);
    const [checked, busy] = [countOf(answers, 401), countOf(answers, 503)];
    expect(checked + busy).toBe(answers.length);
    for (const { retryAfter } of answers.filter(({ status }) => status === 503)) expect(retryAfter).toBeGreaterThan(0);
    await anonymous(server).get("/health/live").expect(200);
  });
});
