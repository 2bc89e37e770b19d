/** In charge of the type of a column, told from all of its values. */
import type { ColumnType } from "../../channel/column-type.ts";
import { asNumber, type DecimalMark, isInteger } from "./number-text.ts";

type Evidence = { readonly line: number; readonly text: string };

export type Guess = {
  readonly type: ColumnType;
  /** Why it is text although other values are numbers; or what is left empty. */
  readonly note: string;
  /** Texts that stand for no value. */
  readonly missing: ReadonlySet<string>;
};

/** What programs write where there is no number. */
const MISSING = /^(?:nan|null|none|n\/?a|#n\/a|-+)$/i;
const BOOLEAN = /^(?:true|false)$/i;
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);
const MAX_INT64 = 2n ** 63n - 1n;

/** Looks at all values of a column, one after another. */
export class ColumnScan {
  #values = 0;
  #numbers = 0;
  /** The first that is no number where this mark stands before fractions. */
  readonly #otherwise: Record<DecimalMark, Evidence | null> = { ".": null, ",": null };
  /** Whether there are numbers with this mark that are none with the other. */
  readonly #sure: Record<DecimalMark, boolean> = { ".": false, ",": false };
  /** The first that is a number with either mark, but not the same one. */
  #unsure: Evidence | null = null;
  #notBoolean = false;
  #notInteger = false;
  #isBeyondSafe = false;
  #isBeyondInt64 = false;
  readonly #missing = new Map<string, number>();
  /** Whether there are rows without a value. */
  hasGaps = false;

  see(text: string, line: number): void {
    if (text === "") {
      this.hasGaps = true;
      return;
    }
    if (MISSING.test(text)) {
      this.#missing.set(text, (this.#missing.get(text) ?? 0) + 1);
      return;
    }
    this.#values++;
    this.#notBoolean ||= !BOOLEAN.test(text);
    const point = asNumber(text, ".");
    const comma = asNumber(text, ",");
    if (point === null) this.#otherwise["."] ??= { line, text };
    if (comma === null) this.#otherwise[","] ??= { line, text };
    this.#sure["."] ||= point !== null && comma === null;
    this.#sure[","] ||= comma !== null && point === null;
    if (point !== null && comma !== null && point !== comma) this.#unsure ??= { line, text };
    const plain = point ?? comma;
    if (plain !== null) this.#numbers++;
    this.#notInteger ||= plain === null || !isInteger(plain);
    if (plain === null || !isInteger(plain)) return;
    const size = BigInt(plain.replace("-", ""));
    this.#isBeyondSafe ||= size > MAX_SAFE;
    this.#isBeyondInt64 ||= size > MAX_INT64;
  }

  get isEmpty(): boolean {
    return this.#values === 0;
  }

  /** The mark of its numbers, where they tell. */
  get mark(): DecimalMark | null {
    if (this.#sure["."] === this.#sure[","]) return null;
    return this.#sure["."] ? "." : ",";
  }

  /** A value whose meaning depends on the mark. */
  get unsure(): Evidence | null {
    return this.#otherwise["."] === null && this.#otherwise[","] === null ? this.#unsure : null;
  }

  guess(mark: DecimalMark): Guess {
    const missing = new Set(this.#missing.keys());
    const note = [...this.#missing].map(([text, times]) => `${times} × "${text}" left empty`).join(", ");
    if (this.#values > 0 && !this.#notBoolean) return { type: "optional[bool]", note, missing };
    const otherwise = this.#otherwise[mark];
    if (this.#values > 0 && otherwise === null && !(this.#isBeyondSafe && (this.#notInteger || this.#isBeyondInt64))) {
      return { type: this.#isBeyondSafe ? "optional[int64]" : "optional[float]", note, missing };
    }
    // Whoever expected numbers learns what kept them from being any.
    const reason = otherwise && this.#numbers > 0 ? `text because of "${otherwise.text}" in line ${otherwise.line}` : "";
    return { type: "optional[str]", note: reason, missing };
  }
}
