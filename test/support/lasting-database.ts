export { createEmptyDatabase as createLastingDatabase } from "./database.ts";
export { createDirectory } from "./directory.ts";
