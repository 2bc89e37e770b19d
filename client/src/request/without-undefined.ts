/** Absent members stay possible, except in a record, which has no fixed ones. */
type Defined<Type> = string extends keyof Type
  ? { [Name in keyof Type]: Exclude<Type[Name], undefined> }
  : { [Name in keyof Type]?: Exclude<Type[Name], undefined> };

/** Callers may write `name: undefined`; a body of the contract has the field or has it not. */
export function withoutUndefined<Type extends object>(fields: Type): Defined<Type>;
export function withoutUndefined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
