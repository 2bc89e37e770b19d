import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { createEmptyDatabase } from "../support/database.ts";
import { environmentFor, run } from "../support/process.ts";

// Without its scripts npm does not install first: whoever runs this has just done that.
const NPM_START = ["npm", "start", "--ignore-scripts"];

/** Every process alive, with its parent. */
function processes(): { pid: number; parent: number }[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
  return lines.map((line) => {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    return { pid: pid ?? 0, parent: parent ?? 0 };
  });
}

function descendants(ancestor: number, all = processes()): number[] {
  const children = all.filter(({ parent }) => parent === ancestor).map(({ pid }) => pid);
  return [...children, ...children.flatMap((child) => descendants(child, all))];
}

describe("npm start", () => {
  test.each(["SIGTERM", "SIGINT"] as const)("passes %s on, ends with 0, and leaves no process behind", async (signal) => {
    await using database = await createEmptyDatabase();
    await using npm = run(NPM_START, { ...environmentFor(database.settings), KRONICLE_PORT: "0" });
    const [, url = ""] = await npm.waitFor("stdout", /^Kronicle listens on (http:\/\/\S+)$/m);
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    const started = descendants(npm.pid);
    expect(started.length).toBeGreaterThan(0);

    expect(await npm.end(signal)).toEqual({ code: 0, signal: null });
    const alive = new Set(processes().map(({ pid }) => pid));
    expect(started.filter((pid) => alive.has(pid))).toEqual([]);
    await expect(fetch(`${url}/health/live`)).rejects.toThrow("fetch failed");
  });
});
