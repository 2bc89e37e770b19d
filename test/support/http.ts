/** In charge of plain HTTP in tests, as someone without the SDK would send it. */
import supertest from "supertest";
import { KEYS, type TestServer } from "./server.ts";

type Lane = keyof typeof KEYS;

/** Requests with the key of a lane. */
export function as(lane: Lane, { url }: Pick<TestServer, "url">) {
  return supertest.agent(url).set("Authorization", `Bearer ${KEYS[lane]}`);
}

/** Requests without a key. */
export function anonymous({ url }: Pick<TestServer, "url">) {
  return supertest.agent(url);
}
