/** In charge of the chunk interval that a density stands for. */
export const CHUNK_DAYS = { dense: 1, normal: 30, sparse: 3650 } as const;

export type Density = keyof typeof CHUNK_DAYS;

export function densityOf(chunkDays: number): Density {
  const density = (["dense", "normal", "sparse"] as const).find((candidate) => CHUNK_DAYS[candidate] === chunkDays);
  if (!density) throw new RangeError(`no density has chunks of ${chunkDays} days`);
  return density;
}
