/** In charge of the address that a server listens on, and of telling what is wrong with it. */
import type { AddressInfo, Server } from "node:net";
import { EXIT, OperatorError } from "../../config/operator-error.ts";

type Address = {
  readonly host: string;
  readonly port: number;
  /** Whether other processes listen on the same; the system then deals out the connections. */
  readonly isShared: boolean;
};

/**
 * Returns the URL.
 *
 * @throws OperatorError when the address cannot be had.
 */
export async function listen(server: Server, { host, port, isShared }: Address): Promise<string> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      // Exclusive: the listening socket is this process's own, whoever started it.
      server.listen({ host, port, exclusive: true, reusePort: isShared }, resolve);
    });
  } catch (error) {
    throw toListenError(error, host, port);
  }
  return addressUrl(server.address());
}

function toListenError(error: unknown, host: string, port: number): unknown {
  const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
  if (code === "EADDRINUSE")
    return new OperatorError(EXIT.config, `Port ${port} of ${host} is in use. Set KRONICLE_PORT to another, or to 0 for any.`);
  if (code === "EACCES")
    return new OperatorError(EXIT.config, `Port ${port} of ${host} may not be used by this user. Set KRONICLE_PORT to another.`);
  if (code === "EADDRNOTAVAIL")
    return new OperatorError(EXIT.config, `This machine has no address ${host}. Set KRONICLE_HOST to another.`);
  if (code === "ENOTSUP")
    return new OperatorError(EXIT.config, "This system cannot deal out the connections to one port. Set KRONICLE_WORKERS to 1.");
  return error;
}

function addressUrl(address: AddressInfo | string | null): string {
  if (address === null || typeof address === "string") throw new Error("the server listens on no port");
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}
