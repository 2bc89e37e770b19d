/**
 * In charge of taking CSV (RFC 4180) apart line by line, so that a malformed line leaves the others as they are: a parser of whole texts ends
 * at the first, or loses those behind it.
 */

/** Lines of the text are counted from 1. A quoted field may hold some, and `first` and `last` differ then. */
type Place = { readonly first: number; readonly last: number };

/** A field that is empty and not quoted is null. Lines of nothing but commas, which spreadsheets leave behind, are empty. */
export type CsvLine =
  | ({ readonly kind: "fields"; readonly fields: readonly (string | null)[] } & Place)
  | ({ readonly kind: "empty" | "malformed" } & Place)
  /** A quote that no other closes: nobody knows what is behind it. */
  | ({ readonly kind: "unclosed" } & Place);

export type CsvScanner = {
  /** Where the next line begins. */
  readonly position: number;
  readonly readLine: () => CsvLine;
};

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BLANK = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;

/** @param count is called before each field is made: a line may have millions. */
export function createCsvScanner(text: string, count: () => void): CsvScanner {
  let position = 0;
  let number = 1;

  const isAt = (code: number) => text.charCodeAt(position) === code;

  const passBlanks = () => {
    while (isAt(BLANK) || isAt(TAB)) position++;
  };

  /** Ends of lines may be mixed: a file may have been put together from several. */
  const passLineEnd = (): boolean => {
    if (position >= text.length) return true;
    const isReturn = isAt(CARRIAGE_RETURN);
    if (!isReturn && !isAt(LINE_FEED)) return false;
    position++;
    if (isReturn && isAt(LINE_FEED)) position++;
    number++;
    return true;
  };

  /** From a quote to the one that closes it, which is passed. Null when there is none. */
  const readQuoted = (): string | null => {
    let end = text.indexOf('"', position + 1);
    let hasQuotes = false;
    while (end >= 0 && text.charCodeAt(end + 1) === QUOTE) {
      hasQuotes = true;
      end = text.indexOf('"', end + 2);
    }
    if (end < 0) return null;
    const field = text.slice(position + 1, end);
    number += countLineEnds(field);
    position = end + 1;
    return hasQuotes ? joinQuotes(field) : field;
  };

  /** Up to what ends a field, or to a quote, which has no place in it. */
  const passPlain = () => {
    while (position < text.length) {
      const code = text.charCodeAt(position);
      if (code === COMMA || code === LINE_FEED || code === CARRIAGE_RETURN || code === QUOTE) return;
      position++;
    }
  };

  const passLine = () => {
    while (position < text.length && !isAt(LINE_FEED) && !isAt(CARRIAGE_RETURN)) position++;
  };

  const readLine = (): CsvLine => {
    const first = number;
    const fields: (string | null)[] = [];
    let isEmpty = true;
    for (;;) {
      count();
      const start = position;
      passBlanks();
      if (isAt(QUOTE)) {
        const last = number;
        const field = readQuoted();
        if (field === null) return { kind: "unclosed", first: last, last };
        fields.push(field);
        isEmpty = false;
        passBlanks();
      } else {
        passPlain();
        const field = text.slice(start, position);
        fields.push(field === "" ? null : field);
        if (isEmpty && field.trim() !== "") isEmpty = false;
      }
      const last = number;
      if (passLineEnd()) return isEmpty ? { kind: "empty", first, last } : { kind: "fields", fields, first, last };
      if (!isAt(COMMA)) {
        passLine();
        passLineEnd();
        return { kind: "malformed", first, last };
      }
      position++;
    }
  };

  return {
    get position() {
      return position;
    },
    readLine,
  };
}

/** By its bytes: `replaceAll` keeps a note of each pair, and sixteen million of them took the heap. */
function joinQuotes(field: string): string {
  const bytes = Buffer.from(field);
  let length = 0;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    bytes[length++] = byte;
    if (byte === QUOTE) index++;
  }
  return bytes.toString("utf8", 0, length);
}

function countLineEnds(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === CARRIAGE_RETURN || (code === LINE_FEED && text.charCodeAt(index - 1) !== CARRIAGE_RETURN)) count++;
  }
  return count;
}
