import { CLI, type Environment, run } from "./process.ts";

/** Runs the command line to its end, as an operator would. */
export async function kronicle(args: readonly string[], environment: Environment) {
  await using command = run([...CLI, ...args], environment);
  const { code } = await command.ended;
  return { code, stdout: command.stdout(), stderr: command.stderr() };
}
