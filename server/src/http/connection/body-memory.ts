/** In charge of how many bytes of bodies are held at once, over all requests: past that, bodies are refused rather than the process killed. */
export type BodyMemory = {
  /** A share of the memory, empty at first. */
  readonly open: () => BodyShare;
};

type BodyShare = {
  /** Makes the share so large at least; false when there is no room for that. */
  readonly raiseTo: (bytes: number) => boolean;
  readonly release: () => void;
};

export function createBodyMemory(maxBytes: number): BodyMemory {
  let held = 0;
  return {
    open: () => {
      let own = 0;
      return {
        raiseTo: (bytes) => {
          const more = bytes - own;
          if (more <= 0) return true;
          if (held + more > maxBytes) return false;
          held += more;
          own = bytes;
          return true;
        },
        release: () => {
          held -= own;
          own = 0;
        },
      };
    },
  };
}
