/** In charge of finding the server, which is a package of its own: most who use the client have no need of one. */
import process from "node:process";

type ServerModule = {
  readonly startKronicle: (settings: Readonly<Record<string, string>>) => Promise<{
    readonly url: string;
    readonly stop: () => Promise<void>;
  }>;
};

const PACKAGE = "@kronicle/server";
const MIN_NODE = 24;

/** @throws Error that says what to install. */
export async function loadServer(): Promise<ServerModule> {
  if (Number.parseInt(process.versions.node, 10) < MIN_NODE) {
    throw new Error(`${PACKAGE} needs Node ${MIN_NODE} or newer; this is Node ${process.versions.node}.`);
  }
  const module: unknown = await import(PACKAGE).catch((cause: unknown) => {
    if (!isMissing(cause)) throw cause;
    throw new Error(`${PACKAGE} is not installed: npm install --save-dev ${PACKAGE}`, { cause });
  });
  if (isServerModule(module)) return module;
  throw new Error(`The ${PACKAGE} that is installed is another version than this client. Install the same of both.`);
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND" && error.message.includes(`'${PACKAGE}'`)
  );
}

function isServerModule(module: unknown): module is ServerModule {
  return typeof module === "object" && module !== null && "startKronicle" in module && typeof module.startKronicle === "function";
}
