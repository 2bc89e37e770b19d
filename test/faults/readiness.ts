import { z } from "zod";

const answer = z.object({ errors: z.array(z.object({ code: z.string() })).default([]) });

/** What `/health/ready` says: its status, and the code of each reason. */
export async function readiness(url: string): Promise<{ readonly status: number; readonly reasons: readonly string[] }> {
  const response = await fetch(`${url}/health/ready`);
  const { errors } = answer.parse(await response.json());
  return { status: response.status, reasons: errors.map(({ code }) => code) };
}
