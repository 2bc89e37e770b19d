/** In charge of how much memory bodies take at once, over all requests: past that, bodies are refused rather than the process killed. */
export type BodyMemory = {
  /**
   * A share of the memory, empty at first.
   *
   * @param holder whose body it is: the id of a credential.
   */
  readonly open: (holder: string) => BodyShare;
  /** What all shares have together. */
  readonly held: () => number;
};

type BodyShare = {
  /** Whether so many bytes would fit just now. Nothing is taken: what is only announced may never come. */
  readonly hasRoomFor: (bytes: number) => boolean;
  /** Makes the share so large at least; false when there is no room for that. */
  readonly raiseTo: (bytes: number) => boolean;
  readonly release: () => void;
};

/** How many times as much as what stays free all bodies of one holder may take, if they are several. */
const TIMES_FREE = 3;

type Holder = { bodies: number; bytes: number };

/**
 * One body may take whatever is free. Further ones of the same holder have to leave a quarter of what the others do not hold, or one
 * credential would keep all others out ("dynamic thresholds" of shared buffers: Choudhury and Hahne, 1998).
 */
export function createBodyMemory(maxBytes: number): BodyMemory {
  const holders = new Map<string, Holder>();
  let held = 0;
  return {
    held: () => held,
    open: (id) => {
      const holder = holders.get(id) ?? { bodies: 0, bytes: 0 };
      holders.set(id, holder);
      holder.bodies += 1;
      let isOpen = true;
      let own = 0;
      const hasRoomFor = (bytes: number) => {
        const more = Math.max(bytes - own, 0);
        const free = maxBytes - held - more;
        return free >= 0 && (holder.bodies === 1 || holder.bytes + more <= TIMES_FREE * free);
      };
      return {
        hasRoomFor,
        raiseTo: (bytes) => {
          if (bytes <= own) return true;
          if (!isOpen || !hasRoomFor(bytes)) return false;
          const more = bytes - own;
          held += more;
          holder.bytes += more;
          own = bytes;
          return true;
        },
        release: () => {
          if (!isOpen) return;
          isOpen = false;
          held -= own;
          holder.bytes -= own;
          own = 0;
          holder.bodies -= 1;
          if (holder.bodies === 0) holders.delete(id);
        },
      };
    },
  };
}
