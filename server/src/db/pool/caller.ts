/** In charge of who a connection is wanted for, wherever in the work for a request that turns out. */
import { AsyncLocalStorage } from "node:async_hooks";

const callers = new AsyncLocalStorage<string>();

/** What the server does for itself, and for several callers at once. */
export const THE_SERVER = "";

/** All whose credentials have not been found valid yet: they may be made up, another one for each request. */
export const STRANGERS = "strangers";

/** Does the work for this caller. What is handed over is handed on, so that nobody has to make a function for each request. */
export function workFor<Arguments extends unknown[], Result>(
  caller: string,
  work: (...given: Arguments) => Result,
  ...given: Arguments
): Result {
  return callers.run(caller, work, ...given);
}

export function currentCaller(): string {
  return callers.getStore() ?? THE_SERVER;
}
