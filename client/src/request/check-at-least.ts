/** @throws TypeError for what is no number, NaN among it, or less. */
export function checkAtLeast(name: string, value: number, least: number): void {
  if (!(typeof value === "number" && value >= least)) throw new TypeError(`${name} has to be a number, and at least ${least}.`);
}
