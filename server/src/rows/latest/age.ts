/** In charge of how old a row is. */
import type { Instant } from "../../formats/instant.ts";

/** To the millisecond. Below zero for a time that has not come yet. */
export function ageSeconds(time: Instant, at: Instant): number {
  return (Date.parse(at.text) - Date.parse(time.text)) / 1_000;
}
