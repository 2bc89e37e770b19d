import { shorten } from "../formats/shorten.ts";

/** One thing that is wrong with a request: where, what for machines, what for people. */
export type Fault = {
  /** JSON Pointer (RFC 6901) into the body. */
  readonly pointer?: string;
  /** Name of a query, path or header parameter. */
  readonly parameter?: string;
  readonly code: string;
  readonly detail: string;
};

/** No answer lists more. */
export const MAX_FAULTS = 100;

/** Guessing what was meant compares a name with every name there is, so only the first few faults are worth it. */
const MAX_GUESSES = 10;

/** The sentence of an answer names so many faults; its list has more. */
const MAX_IN_SENTENCE = 10;

/** Faults as they are found. A request may hold ten thousand: those past the limit are only counted, and nothing is made for them. */
export class FaultList {
  readonly found: Fault[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** @param make is called with whether to guess what was meant, and not at all past the limit. */
  add(make: (mayGuess: boolean) => Fault): void {
    if (this.#count < MAX_FAULTS) this.found.push(make(this.#count < MAX_GUESSES));
    this.#count += 1;
  }
}

/** Faults in one sentence. @param count of all that there are, when they are not all in the list. */
export function describeFaults(faults: readonly Fault[], count = faults.length): string {
  const named = faults.slice(0, MAX_IN_SENTENCE).map(describeFault);
  return [...named, ...(count > named.length ? [`and ${count - named.length} more`] : [])].join("; ");
}

/** The list has more of a long key. */
const MAX_PLACE_LENGTH = 200;

function describeFault({ parameter, pointer, detail }: Fault): string {
  const place = parameter ?? (pointer === "" ? "the body" : pointer);
  if (place === undefined) return detail;
  return `${shorten(place, MAX_PLACE_LENGTH)}: ${detail}`;
}
