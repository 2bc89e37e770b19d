/** In charge of the load process: started for one plan, and gone with its report. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { type LoadPlan, type LoadReport, loadReport } from "./plan.ts";

/** @throws an error when anything but 2xx was answered, unless that is part of the plan. */
export async function runLoad(plan: Omit<LoadPlan, "perSecond">): Promise<LoadReport> {
  const report = await runPacedLoad({ ...plan, perSecond: null });
  const bad = Object.keys(report.statuses).filter((status) => Number(status) >= 300);
  if (bad.length > 0) throw new Error(`the server answered ${JSON.stringify(report.statuses)} to ${plan.work.kind} requests`);
  return report;
}

/** With a rate of its own, whatever the server answers. */
export async function runPacedLoad(plan: LoadPlan): Promise<LoadReport> {
  const child = fork(new URL("./load.ts", import.meta.url));
  const failed = once(child, "exit").then(([code]) => Promise.reject(new Error(`the load process ended with ${code}`)));
  // Once it has reported, its end is no failure.
  failed.catch(() => {});
  const reported = once(child, "message");
  child.send(plan);
  const [report] = await Promise.race([reported, failed]);
  return loadReport.parse(report);
}
