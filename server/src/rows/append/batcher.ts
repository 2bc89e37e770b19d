/**
 * In charge of when a group is complete: while one is being worked on, the next gathers. So an idle server adds no delay, and a busy one
 * gets large groups. Only when the work takes long does a group set out before the one ahead of it is done. Few gather, and not for long.
 */
const MAX_WAIT_MS = 5;
const MAX_CONCURRENT = 3;

type Rules<T> = {
  /** How much of a group an item takes. */
  readonly weigh: (item: T) => number;
  /** How much a group holds; one item always fits. */
  readonly most: number;
  /** How much gathers before what comes is turned away. */
  readonly maxWaiting: number;
  readonly patienceMs: number;
  /** Never fails. */
  readonly work: (group: readonly T[]) => Promise<void>;
  /** For an item that finds too many before it, or has waited too long: no work is done on it. */
  readonly turnAway: (item: T) => void;
};

export function createBatcher<T>({ weigh, most, maxWaiting, patienceMs, work, turnAway }: Rules<T>): (item: T) => void {
  let waiting: { readonly item: T; readonly since: number }[] = [];
  let weightWaiting = 0;
  let atOnce = 0;
  let departure: NodeJS.Timeout | undefined;
  let patience: NodeJS.Timeout | undefined;

  const setOut = () => {
    clearTimeout(departure);
    if (waiting.length === 0) return;
    let weight = 0;
    const end = waiting.findIndex(({ item }, index) => (weight += weigh(item)) > most && index > 0);
    const group = takeFirst(end);
    atOnce++;
    void work(group).finally(() => {
      atOnce--;
      setOut();
    });
  };

  const turnAwayOld = () => {
    const before = performance.now() - patienceMs;
    for (const item of takeFirst(waiting.findIndex(({ since }) => since > before))) turnAway(item);
  };

  /** -1 takes all. */
  const takeFirst = (count: number): readonly T[] => {
    const taken = (count === -1 ? waiting : waiting.slice(0, count)).map(({ item }) => item);
    waiting = count === -1 ? [] : waiting.slice(count);
    for (const item of taken) weightWaiting -= weigh(item);
    watchFirst();
    return taken;
  };

  const watchFirst = () => {
    clearTimeout(patience);
    const [first] = waiting;
    if (first) patience = setTimeout(turnAwayOld, first.since + patienceMs - performance.now());
  };

  return (item) => {
    if (weightWaiting >= maxWaiting) return turnAway(item);
    waiting.push({ item, since: performance.now() });
    weightWaiting += weigh(item);
    // The first of a group arranges its departure.
    if (waiting.length > 1) return;
    watchFirst();
    // Whatever arrived in the same turn of the event loop comes along.
    if (atOnce === 0) setImmediate(setOut);
    else if (atOnce < MAX_CONCURRENT) departure = setTimeout(setOut, MAX_WAIT_MS);
  };
}
