/** One round of one side: does the work once, and returns its figure, of which more is better unless the scenario says otherwise. */
export type Side = () => Promise<number>;

/** Runs all sides in turn, so many rounds, after one round that does not count; every second round goes backwards. */
export async function measure<Name extends string>(
  sides: Readonly<Record<Name, Side>>,
  rounds: number,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(sides) as Name[];
  const figures = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (const name of names) await sides[name]();
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) figures[name].push(await sides[name]());
  }
  return figures;
}
