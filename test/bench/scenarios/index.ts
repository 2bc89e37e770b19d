import type { Scenario } from "../scenario.ts";
import { bulkAppend } from "./bulk-append.ts";
import { createChannelsScenario } from "./create-channels.ts";
import { exportRows } from "./export-rows.ts";
import { latest1000 } from "./latest-1000.ts";
import { listChannels } from "./list-channels.ts";
import { newestRows } from "./newest-rows.ts";
import { overload } from "./overload.ts";
import { readRows } from "./read-rows.ts";
import { scaleChannels } from "./scale-channels.ts";
import { scaleRows } from "./scale-rows.ts";
import { singleAppend } from "./single-append.ts";
import { start } from "./start.ts";

export const scenarios: readonly Scenario[] = [
  bulkAppend,
  singleAppend,
  readRows,
  exportRows,
  createChannelsScenario,
  listChannels,
  newestRows,
  latest1000,
  overload,
  start,
  scaleChannels,
  scaleRows,
];
