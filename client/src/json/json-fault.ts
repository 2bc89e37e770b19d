import { isObject } from "./is-object.ts";

/** Where in a value something lies that JSON cannot hold (`["gain"][2]`, empty for the value itself), and what it is. */
export type JsonFault = { readonly path: string; readonly reason: string };

/** The server takes far fewer levels; this limit only has to stop an object that contains itself. */
const MAX_LEVELS = 100;

/**
 * Finds what `JSON.stringify` would change or drop without a word, or refuse without saying where.
 *
 * A member that is undefined counts as absent.
 */
export function findJsonFault(value: unknown, level = 0): JsonFault | undefined {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) ? undefined : fault(`${value} is not a finite number`);
    case "bigint":
      return fault("a bigint, which only int64 columns take");
    case "function":
    case "symbol":
      return fault(`a ${typeof value}, which JSON cannot hold`);
    case "object":
      return value === null ? undefined : findFaultInside(value, level + 1);
    default:
      return undefined;
  }
}

function findFaultInside(value: object, level: number): JsonFault | undefined {
  if (level > MAX_LEVELS) return fault("nested too deeply, or within itself");
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const found = item === undefined ? fault("undefined, which JSON would turn into null") : findJsonFault(item, level);
      if (found) return { path: `[${index}]${found.path}`, reason: found.reason };
    }
    return undefined;
  }
  if (value instanceof Date) return fault("a Date, which only time and datetime columns take");
  // A Map or a Set would become {}, and a method toJSON could return anything.
  const hasMethod = "toJSON" in value && typeof value.toJSON === "function";
  if (!isObject(value) || hasMethod) {
    return fault("an object that is not plain, which JSON cannot hold");
  }
  for (const [key, member] of Object.entries(value)) {
    const found = findJsonFault(member, level);
    if (found) return { path: `[${JSON.stringify(key)}]${found.path}`, reason: found.reason };
  }
  return undefined;
}

function fault(reason: string): JsonFault {
  return { path: "", reason };
}
