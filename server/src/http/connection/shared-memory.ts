/**
 * In charge of how much memory something takes at once, over all requests: bodies on their way in, answers on their way out. Past that it is
 * refused rather than the process killed.
 */
export type SharedMemory = {
  /**
   * A share of the memory, empty at first.
   *
   * @param holder whose it is: the id of a credential.
   */
  readonly open: (holder: string) => MemoryShare;
};

export type MemoryShare = {
  /** Whether so many bytes would fit just now. Nothing is taken: what is only announced may never come. */
  readonly hasRoomFor: (bytes: number) => boolean;
  /** Makes the share so large at least; false when there is no room for that. */
  readonly raiseTo: (bytes: number) => boolean;
  readonly release: () => void;
};

/** How many times as much as what stays free all shares of one holder may take, if they are several. */
const TIMES_FREE = 3;

type Holder = { shares: number; bytes: number };

/**
 * One share may take whatever is free. Further ones of the same holder have to leave a quarter of what the others do not hold, or one
 * credential would keep all others out ("dynamic thresholds" of shared buffers: Choudhury and Hahne, 1998).
 */
export function createSharedMemory(maxBytes: number): SharedMemory {
  const holders = new Map<string, Holder>();
  let held = 0;
  return {
    open: (id) => {
      const holder = holders.get(id) ?? { shares: 0, bytes: 0 };
      holders.set(id, holder);
      holder.shares += 1;
      let isOpen = true;
      let own = 0;
      const hasRoomFor = (bytes: number) => {
        const more = Math.max(bytes - own, 0);
        const free = maxBytes - held - more;
        return free >= 0 && (holder.shares === 1 || holder.bytes + more <= TIMES_FREE * free);
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
          holder.shares -= 1;
          if (holder.shares === 0) holders.delete(id);
        },
      };
    },
  };
}
