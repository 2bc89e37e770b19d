/** In charge of the times of a file: which of two meanings they have, told from all of them, and the points in time that they are. */
import { UsageError } from "../usage-error.ts";
import { type ClockTime, readTime, readTimeAs, type Reading, TIME_FORMS, type TimeForm } from "./time-text.ts";
import type { Zone } from "./zone.ts";

type Evidence = { readonly line: number; readonly text: string };

/** What one text is: a point in time as RFC 3339, or the reason why not. */
type Resolved = { readonly time: string } | { readonly fault: string };

export type TimeReader = (text: string) => Resolved;

const MICRO_DIGITS = 6;
const MINUTE_MS = 60_000;

/** Looks at all times of a file, one after another. */
export class TimeScan {
  readonly #form: TimeForm | undefined;
  /** By form, the first that means nothing else. */
  readonly #sure = new Map<TimeForm, Evidence>();
  /** By both forms, the first that may mean either. */
  readonly #unsure = new Map<string, Evidence & { readonly readings: readonly Reading[] }>();
  #withoutOffset: Evidence | null = null;

  /** @param form when the caller says it. */
  constructor(form: TimeForm | undefined) {
    this.#form = form;
  }

  /** Whether it is a time. */
  see(text: string, line: number): boolean {
    const readings = readingsOf(text, this.#form);
    const [only, other] = readings;
    if (!only) return false;
    if (only.time.offsetMinutes === null) this.#withoutOffset ??= { line, text };
    if (!other) {
      if (!this.#sure.has(only.form)) this.#sure.set(only.form, { line, text });
      return true;
    }
    const key = readings.map(({ form }) => form).join();
    if (!this.#unsure.has(key)) this.#unsure.set(key, { line, text, readings });
    return true;
  }

  /** @throws UsageError when no row decides between two meanings, when rows contradict each other, or when there is no zone. */
  resolve(zone: Zone | null): TimeReader {
    if (this.#withoutOffset && !zone) {
      const { line, text } = this.#withoutOffset;
      throw new UsageError(
        `Line ${line}: the time "${text}" does not say how far its clock is from UTC. Add --zone with the place of the clock, such as --zone Europe/Berlin, or --zone UTC.`,
      );
    }
    const chosen = new Set([...this.#unsure.values()].map((unsure) => this.#decide(unsure)));
    const form = this.#form;
    return (text) => {
      const readings = readingsOf(text, form);
      const reading = readings.length > 1 ? readings.find((each) => chosen.has(each.form)) : readings[0];
      return reading
        ? toInstant(reading.time, text, zone)
        : { fault: text === "" ? "the time is missing" : `"${text}" is no time` };
    };
  }

  #decide({ line, text, readings }: Evidence & { readonly readings: readonly Reading[] }): TimeForm {
    const forms = readings.map((each) => each.form);
    const [sure, other] = forms.filter((form) => this.#sure.has(form));
    const options = forms.map((form) => `--time-format ${form}`).join(" or ");
    if (sure === undefined) {
      throw new UsageError(`Line ${line}: the time "${text}" may be read in two ways, and no line tells which. Add ${options}.`);
    }
    if (other === undefined) return sure;
    const places = [sure, other].map((form) => `line ${this.#sure.get(form)?.line} is ${form}`).join(", ");
    throw new UsageError(
      `The times of the file are written in different orders (${places}): add ${options} to refuse the others.`,
    );
  }
}

/** A format as people write it, such as DD/MM/YYYY: only the order of day, month and year counts. */
export function parseTimeFormat(text: string): TimeForm {
  const order = [...(/^[^Hh]*/.exec(text)?.[0].toUpperCase() ?? "")].filter((letter) => "YMD".includes(letter));
  const letters = order.filter((letter, index) => letter !== order[index - 1]).join("");
  const form = TIME_FORMS.find((known) => known === text || known === letters);
  if (form) return form;
  throw new UsageError(`--time-format "${text}" is none of ${TIME_FORMS.join(", ")}, nor a format such as DD/MM/YYYY.`);
}

function readingsOf(text: string, form: TimeForm | undefined): readonly Reading[] {
  if (form === undefined) return readTime(text);
  const time = readTimeAs(text, form);
  return time ? [{ form, time }] : [];
}

function toInstant({ localMs, fraction, offsetMinutes }: ClockTime, text: string, zone: Zone | null): Resolved {
  if (/[1-9]/.test(fraction.slice(MICRO_DIGITS))) return { fault: `"${text}" is finer than a microsecond` };
  const instants = offsetMinutes === null ? (zone?.instantsOf(localMs) ?? []) : [localMs - offsetMinutes * MINUTE_MS];
  const [instant, again] = instants;
  if (instant === undefined) return { fault: `"${text}" does not exist in ${zone?.name}: clocks were put forward` };
  if (again !== undefined) return { fault: `"${text}" was twice in ${zone?.name}: clocks were put back` };
  const micros = fraction.slice(0, MICRO_DIGITS);
  const year = new Date(instant).getUTCFullYear();
  if (year < 1 || year > 9999) return { fault: `"${text}" is not within the years 1 to 9999` };
  return { time: `${new Date(instant).toISOString().slice(0, 19)}${micros === "" ? "" : `.${micros}`}Z` };
}
