/** In charge of the two channels of the matrix: one within the limits of limited keys, and one outside. */
import { as } from "../../support/http.ts";
import type { TestServer } from "../../support/server.ts";

export type Target = "own" | "foreign";

export const TARGETS: readonly Target[] = ["own", "foreign"];

export const CHANNELS: Readonly<Record<Target, string>> = {
  own: "0a1b2c3d-0000-4000-8000-000000000001",
  foreign: "0a1b2c3d-0000-4000-8000-000000000002",
};

export const TEAMS: Readonly<Record<Target, string>> = { own: "ours", foreign: "theirs" };

export const ROW = { time: "2024-03-01T00:00:00Z", value: 1.5 };

/** Some operations delete; whatever they left behind, the channel is there afterwards. */
export async function restoreChannel(server: TestServer, target: Target): Promise<void> {
  const channel = {
    channel_id: CHANNELS[target],
    name: target,
    tags: { team: TEAMS[target] },
    channel_schema: { value: "float" },
    rows: [ROW],
  };
  const { status, text } = await as("writer", server).post("/data/v1/channels").send(channel);
  if (status !== 200 && status !== 201) throw new Error(`the channel could not be restored: ${text}`);
}
