/** In charge of a server that dies at chosen moments, behind an address that stays. */
import { startHttpServer } from "../client/http-server.ts";
import { type Environment, type RunningProcess, startServerProcess } from "../support/process.ts";
import { passOn } from "./pass-on.ts";

/** `before`: while the server works on an append; `after`: when it has answered, and nobody has heard it. */
export type Moment = "before" | "after";

type RestartingServer = AsyncDisposable & {
  readonly url: string;
  /** The kills so far. */
  readonly kills: readonly Moment[];
};

/** Every so many appends that were acknowledged the server is killed, once for each of the moments, and started again. */
export async function startRestartingServer(
  environment: Environment,
  { moments, acknowledgedBetween }: { readonly moments: readonly Moment[]; readonly acknowledgedBetween: number },
): Promise<RestartingServer> {
  let server: (RunningProcess & { readonly url: string }) | null = await startServerProcess(environment);
  let restart: Promise<void> | null = null;
  const kills: Moment[] = [];
  let acknowledged = 0;

  const isTimeFor = (moment: Moment) =>
    restart === null && moments[kills.length] === moment && acknowledged >= (kills.length + 1) * acknowledgedBetween;

  const kill = async (moment: Moment) => {
    kills.push(moment);
    const killed = server;
    server = null;
    await killed?.end("SIGKILL");
    server = await startServerProcess(environment);
    restart = null;
  };

  const proxy = await startHttpServer((request, response) => {
    if (server === null) {
      request.socket.destroy();
      return;
    }
    const isAppend = request.url?.endsWith("/rows") === true && request.method === "POST";
    const onward = passOn(server.url, request, response, (answer) => {
      if (isAppend && isTimeFor("after")) {
        restart = kill("after");
        return false;
      }
      if (isAppend && answer.statusCode === 200) acknowledged += 1;
      return true;
    });
    // The whole of the request is there, and nothing but the answer is to come.
    onward.once("finish", () => {
      if (isAppend && isTimeFor("before")) restart = kill("before");
    });
  });

  return {
    url: proxy.url,
    kills,
    [Symbol.asyncDispose]: async () => {
      await restart;
      await proxy[Symbol.asyncDispose]();
      await server?.[Symbol.asyncDispose]();
    },
  };
}
