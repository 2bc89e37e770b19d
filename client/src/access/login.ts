import { NetworkError } from "../errors/network-error.ts";
import { exchange } from "../request/exchange.ts";
import { parseBaseUrl, requestName } from "../request/url.ts";
import { checkAnswer } from "../response/check-answer.ts";
import type { LoginOptions } from "./login-options.ts";

/**
 * Makes the `token` of a client out of a password. It signs in when the client sends its first request, and again when the token, which
 * lives for 15 minutes, is refused: once for all requests of that time. The password stays in memory meanwhile.
 *
 * Programs that run unattended are better served by an API key.
 *
 * The function that it returns throws AuthenticationError `login_failed`, RateLimitError `too_many_attempts` and NetworkError, and so do
 * the calls of the client.
 *
 * @throws TypeError when the address is not an http(s) URL.
 * @see operation `logIn` of the contract.
 *
 * @example
 * ```ts
 * import { createKronicle, login } from "@kronicle/client";
 *
 * const baseUrl = "http://127.0.0.1:8000";
 * const token = login({ baseUrl, login: "ada@example.org", password: "correct horse battery staple" });
 * const { reader } = createKronicle({ baseUrl, token });
 * for await (const channel of reader.listChannels()) console.log(channel.name);
 * ```
 */
export function login({ baseUrl, login: name, password, fetch: sendOnce }: LoginOptions): () => Promise<string> {
  const url = `${parseBaseUrl(baseUrl)}/auth/v1/login`;
  return async () => {
    const request = new Request(url, {
      method: "POST",
      headers: { Accept: "application/json, application/problem+json", "Content-Type": "application/json" },
      body: JSON.stringify({ login: name, password }),
      redirect: "manual",
    });
    const response = await exchange(request, sendOnce ?? fetch);
    const answer: unknown = await (await checkAnswer(request, response)).json().catch(() => undefined);
    const token: unknown = typeof answer === "object" && answer !== null ? Reflect.get(answer, "access_token") : undefined;
    if (typeof token === "string") return token;
    throw new NetworkError(`${requestName(request)} got JSON that is none of Kronicle's.`, { status: response.status });
  };
}
