/**
 * In charge of when a group is complete: while one is being worked on, the next gathers. So an idle server adds no delay, and a busy one
 * gets large groups. Only when the work takes long does a group set out before the one ahead of it is done.
 */
const LONGEST_WAIT_MS = 5;
const MOST_AT_ONCE = 3;

/**
 * @param weigh how much of a group an item takes.
 * @param most how much a group holds; one item always fits.
 * @param work never fails.
 */
export function createGatherer<T>(
  weigh: (item: T) => number,
  most: number,
  work: (group: readonly T[]) => Promise<void>,
): (item: T) => void {
  let waiting: T[] = [];
  let atOnce = 0;
  let timer: NodeJS.Timeout | undefined;

  const setOut = () => {
    clearTimeout(timer);
    if (waiting.length === 0) return;
    const group = takeGroup();
    atOnce++;
    void work(group).finally(() => {
      atOnce--;
      setOut();
    });
  };

  const takeGroup = (): readonly T[] => {
    let weight = 0;
    const end = waiting.findIndex((item, index) => (weight += weigh(item)) > most && index > 0);
    const group = end === -1 ? waiting : waiting.slice(0, end);
    waiting = end === -1 ? [] : waiting.slice(end);
    return group;
  };

  return (item) => {
    waiting.push(item);
    // The first of a group arranges its departure.
    if (waiting.length > 1) return;
    // Whatever arrived in the same turn of the event loop comes along.
    if (atOnce === 0) setImmediate(setOut);
    else if (atOnce < MOST_AT_ONCE) timer = setTimeout(setOut, LONGEST_WAIT_MS);
  };
}
