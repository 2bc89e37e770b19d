/** In charge of single values on their way out: their text, and nothing left out in silence. */
import { isObject } from "../json/is-object.ts";

/**
 * The text of a value in a query.
 *
 * @throws TypeError for a value of any other type: leaving it out would widen the selection.
 */
export function scalarText(value: unknown, place: string): string {
  if (value instanceof Date) return isoTime(value, place);
  if (Number.isFinite(value) || ["string", "boolean", "bigint"].includes(typeof value)) return String(value);
  throw new TypeError(`${place}: expected text, a finite number, a boolean or a Date.`);
}

/** The texts of all fields that are not undefined. */
export function scalarTexts(fields: object): object {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, scalarText(value, name)]));
}

/**
 * The text of a `Date`.
 *
 * @throws TypeError naming the place when the `Date` is invalid; JSON would turn it into null without a word.
 */
export function isoTime(date: Date, place: string): string {
  if (Number.isNaN(date.getTime())) throw new TypeError(`${place}: an invalid Date.`);
  return date.toISOString();
}

/** @throws TypeError for what is neither undefined nor a list of names, of columns or of functions; one with a comma would become two. */
export function nameList(names: unknown, place: string): string | undefined {
  if (names === undefined) return undefined;
  const list: readonly unknown[] = Array.isArray(names) ? names : [names];
  if (list.length === 0 || !list.every((name) => typeof name === "string" && name !== "" && !name.includes(","))) {
    throw new TypeError(`${place}: expected names.`);
  }
  return list.join(",");
}

/** @throws TypeError for what is no plain object: the members of a Map or a list would be lost without a word. */
export function entriesOf(value: unknown, place: string): [string, unknown][] {
  if (isObject(value)) return Object.entries(value);
  throw new TypeError(`${place}: expected an object.`);
}

/** Absent members stay possible, except in a record, which has no fixed ones. */
type Defined<Type> = string extends keyof Type
  ? { [Name in keyof Type]: Body<Exclude<Type[Name], undefined>> }
  : { [Name in keyof Type]?: Body<Exclude<Type[Name], undefined>> };

/** Callers may hand over lists that they have frozen; in the types of the contract there are none. A body is only read. */
type Body<Type> = Type extends readonly (infer Item)[]
  ? Item[]
  : Type extends object
    ? { [Name in keyof Type]: Body<Type[Name]> }
    : Type;

/** Callers may write `name: undefined`; a body of the contract has the field or has it not. */
export function withoutUndefined<Type extends object>(fields: Type): Defined<Type>;
export function withoutUndefined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
