import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

/** Tells the planner how many channels there are, if they have become many more since it last looked. */
export async function analyzeChannels(connection: CommonQueryMethods): Promise<void> {
  await connection.one(sql.type(z.object({ analyzed: z.boolean() }))`
    select kronicle.analyze_channels() as analyzed
  `);
}
