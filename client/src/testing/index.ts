export { startKronicle } from "./start-kronicle.ts";
export type { StartOptions } from "./start-options.ts";
export type { TestKronicle } from "./test-kronicle.ts";
