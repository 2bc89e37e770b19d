export { createRawClient } from "./create-raw-client.ts";
export type { RawClient } from "./raw-client.ts";
