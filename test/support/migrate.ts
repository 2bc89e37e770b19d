/** Brings the database of the environment to the schema of this version, and does nothing else. */
import { readConfig } from "@kronicle/server/config";
import { openDatabase } from "@kronicle/server/database";

const database = await openDatabase(readConfig(process.env), () => {});
await database.close();
