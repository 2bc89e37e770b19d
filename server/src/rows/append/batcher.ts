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
  readonly maxWeight: number;
  /** How much gathers before what comes is turned away. */
  readonly maxWaiting: number;
  /** How long an item waits before it is turned away. */
  readonly maxWaitingMs: number;
  /** Never fails. */
  readonly work: (group: readonly T[]) => Promise<void>;
  /** For an item that finds too many before it, or has waited too long: no work is done on it. */
  readonly turnAway: (item: T) => void;
};

export function createBatcher<T>({ weigh, maxWeight, maxWaiting, maxWaitingMs, work, turnAway }: Rules<T>): (item: T) => void {
  let waiting: { readonly item: T; readonly since: number }[] = [];
  let weightWaiting = 0;
  let running = 0;
  let departure: NodeJS.Timeout | undefined;
  let giveUpTimer: NodeJS.Timeout | undefined;

  const setOut = () => {
    clearTimeout(departure);
    if (waiting.length === 0) return;
    let weight = 0;
    const end = waiting.findIndex(({ item }, index) => (weight += weigh(item)) > maxWeight && index > 0);
    const group = takeFirst(end);
    running++;
    void work(group).finally(() => {
      running--;
      setOut();
    });
  };

  const turnAwayOld = () => {
    const before = performance.now() - maxWaitingMs;
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
    clearTimeout(giveUpTimer);
    const [first] = waiting;
    if (first) giveUpTimer = setTimeout(turnAwayOld, first.since + maxWaitingMs - performance.now());
  };

  return (item) => {
    if (weightWaiting >= maxWaiting) return turnAway(item);
    waiting.push({ item, since: performance.now() });
    weightWaiting += weigh(item);
    // The first of a group arranges its departure.
    if (waiting.length > 1) return;
    watchFirst();
    // Whatever arrived in the same turn of the event loop comes along.
    if (running === 0) setImmediate(setOut);
    else if (running < MAX_CONCURRENT) departure = setTimeout(setOut, MAX_WAIT_MS);
  };
}
