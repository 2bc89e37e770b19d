/** In charge of times as devices and spreadsheets write them: what a text may mean, without guessing between two meanings. */

/** What a clock shows, as if it were in UTC. */
export type ClockTime = {
  readonly localMs: number;
  /** Digits behind the second. */
  readonly fraction: string;
  /** How far the clock is ahead of UTC, where the text says so. */
  readonly offsetMinutes: number | null;
};

/** An order of year, month and day, or the unit of a number that counts from 1970. */
export const TIME_FORMS = ["YMD", "DMY", "MDY", "epoch-s", "epoch-ms", "epoch-us", "epoch-ns"] as const;
export type TimeForm = (typeof TIME_FORMS)[number];

export type Reading = { readonly form: TimeForm; readonly time: ClockTime };

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

const YEAR_FIRST = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)/;
const YEAR_LAST = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d\d)(?!\d)/;
const COMPACT = /^(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?)?(?=$|Z$|[+-]\d)/;
const COMPACT_HOUR = /^((?:19|20)\d\d)(\d\d)(\d\d)(\d\d)$/;
const SHORT_YEAR_FIRST = /^(\d\d)([-/.])(\d\d)\2(\d\d)(?!\d)/;
const DAY_AND_NAME = /^(?:[a-z]{3,9},? +)?(\d{1,2})[- .]+([a-z]{3})[a-z]*[-. ,]+(\d{4})(?!\d)/i;
const NAME_AND_DAY = /^(?:[a-z]{3,9},? +)?([a-z]{3})[a-z]*\.? +(\d{1,2}),? +(\d{4})(?!\d)/i;
const CLOCK =
  /^(?:(?:T|[ ,]+)(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?: *([ap])\.?m\.?)?)?(?: *(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?))?$/i;
const TIME_OF_DAY = /^\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?: *[ap]\.?m\.?)?$/i;
const EPOCH = /^(\d+)(?:[.,](\d+))?$/;

/** How many digits the times of our days have; what has others is taken only when the form is given. */
const EPOCH_DIGITS = { "epoch-s": 10, "epoch-ms": 13, "epoch-us": 16, "epoch-ns": 19 } as const;
const EPOCH_SCALE = { "epoch-s": 0, "epoch-ms": 3, "epoch-us": 6, "epoch-ns": 9 } as const;
type EpochForm = keyof typeof EPOCH_DIGITS;
const EPOCH_FORMS = ["epoch-s", "epoch-ms", "epoch-us", "epoch-ns"] as const;

export function isTimeOfDay(text: string): boolean {
  return TIME_OF_DAY.test(text);
}

/** All that a text may mean: two readings when day and month may be either way round, none when it is no time. */
export function readTime(text: string): Reading[] {
  return [...readDates(text), ...readEpochs(text)];
}

/** What a text means in a form that is known, or null. */
export function readTimeAs(text: string, form: TimeForm): ClockTime | null {
  if (isEpoch(form)) return readEpoch(text, form);
  const known = readDates(text).find((reading) => reading.form === form);
  if (known) return known.time;
  // Where the order is given, a year may have two digits whatever stands between.
  const [head, one = "", , two = "", three = ""] = SHORT_YEAR_FIRST.exec(text) ?? [];
  if (head === undefined) return null;
  const day = form === "YMD" ? [one, two, three] : form === "DMY" ? [three, two, one] : [three, one, two];
  return withClock(day, text.slice(head.length));
}

function readDates(text: string): Reading[] {
  const [yearFirst, year = "", , month = "", day = ""] = YEAR_FIRST.exec(text) ?? [];
  if (yearFirst !== undefined) return reading("YMD", withClock([year, month, day], text.slice(yearFirst.length)));

  const [yearLast, first = "", separator, second = "", lastYear = ""] = YEAR_LAST.exec(text) ?? [];
  if (yearLast !== undefined) {
    const rest = text.slice(yearLast.length);
    const dayFirst = reading("DMY", withClock([lastYear, second, first], rest));
    // Nobody writes a month first with dots. With other marks, two digits may be those of a year that comes first, too.
    if (separator === ".") return dayFirst;
    return lastYear.length === 4 ? [...dayFirst, ...reading("MDY", withClock([lastYear, first, second], rest))] : [];
  }

  const [compact, ...parts] = COMPACT.exec(text) ?? [];
  if (compact !== undefined) {
    const [compactYear = "", compactMonth = "", compactDay = "", hour, minute, seconds = "00"] = parts;
    const clock = hour === undefined ? "" : ` ${hour}:${minute}:${seconds}`;
    return reading("YMD", withClock([compactYear, compactMonth, compactDay], clock + text.slice(compact.length)));
  }

  const [dayHead, namedDay = "", dayName = "", dayYear = ""] = DAY_AND_NAME.exec(text) ?? [];
  if (dayHead !== undefined) return reading("DMY", withClock([dayYear, monthOf(dayName), namedDay], text.slice(dayHead.length)));
  const [nameHead, name = "", nameDay = "", nameYear = ""] = NAME_AND_DAY.exec(text) ?? [];
  if (nameHead !== undefined) return reading("MDY", withClock([nameYear, monthOf(name), nameDay], text.slice(nameHead.length)));

  const [hourHead, hourYear = "", hourMonth = "", hourDay = "", hour = ""] = COMPACT_HOUR.exec(text) ?? [];
  if (hourHead !== undefined) return reading("YMD", withClock([hourYear, hourMonth, hourDay], ` ${hour}:00`));
  return [];
}

function reading(form: TimeForm, time: ClockTime | null): Reading[] {
  return time === null ? [] : [{ form, time }];
}

function monthOf(name: string): string {
  return String(MONTHS.indexOf(name.toLowerCase()) + 1);
}

/** Null unless the day is real, and what follows it is a time of day, or nothing. */
function withClock([yearText = "", monthText = "", dayText = ""]: readonly string[], rest: string): ClockTime | null {
  const clock = CLOCK.exec(rest);
  if (!clock) return null;
  const [, hourText = "0", minuteText = "0", secondText = "0", fraction = "", half, zone] = clock;
  const [year, month, day] = [fullYear(yearText), Number(monthText), Number(dayText)];
  const hour = hourOf(Number(hourText), half);
  const [minute, second] = [Number(minuteText), Number(secondText)];
  const midnight = Date.UTC(year, month - 1, day);
  const date = new Date(midnight);
  if (year < 100 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  // Meters end a day at 24:00.
  const isEndOfDay = hour === 24 && minute === 0 && second === 0 && Number(fraction) === 0;
  if (hour === null || (hour > 23 && !isEndOfDay) || minute > 59 || second > 59) return null;
  const offsetMinutes = offsetOf(zone);
  if (Number.isNaN(offsetMinutes)) return null;
  return { localMs: midnight + ((hour * 60 + minute) * 60 + second) * 1_000, fraction, offsetMinutes };
}

/** Two digits are a year from 1969 to 2068, as POSIX has it. */
function fullYear(text: string): number {
  const year = Number(text);
  if (text.length !== 2) return year;
  return year < 69 ? 2_000 + year : 1_900 + year;
}

function hourOf(hour: number, half: string | undefined): number | null {
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (half.toLowerCase() === "p" ? 12 : 0);
}

/** Null where the text says none, NaN where there is no such offset. */
function offsetOf(zone: string | undefined): number | null {
  if (zone === undefined) return null;
  const [, sign, hours = "0", minutes = "0"] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  if (Number(hours) > 23 || Number(minutes) > 59) return NaN;
  return (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -1 : 1);
}

function isEpoch(form: TimeForm): form is EpochForm {
  return Object.hasOwn(EPOCH_DIGITS, form);
}

function readEpochs(text: string): Reading[] {
  const digits = EPOCH.exec(text)?.[1]?.length;
  const form = EPOCH_FORMS.find((known) => EPOCH_DIGITS[known] === digits);
  return form === undefined ? [] : reading(form, readEpoch(text, form));
}

/** Digit by digit: a double has no nanoseconds of our days. */
function readEpoch(text: string, form: EpochForm): ClockTime | null {
  const [, whole, behind = ""] = EPOCH.exec(text) ?? [];
  if (whole === undefined) return null;
  const scale = EPOCH_SCALE[form];
  const padded = whole.padStart(scale + 1, "0");
  const seconds = Number(padded.slice(0, padded.length - scale));
  const localMs = seconds * 1_000;
  if (Number.isNaN(new Date(localMs).getTime())) return null;
  return { localMs, fraction: padded.slice(padded.length - scale) + behind, offsetMinutes: 0 };
}
