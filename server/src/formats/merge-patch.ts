type JsonObject = Readonly<Record<string, unknown>>;

/** RFC 7396: null removes a member, an object is merged into the one there, and anything else replaces what is there. */
export function mergePatch(target: JsonObject, patch: JsonObject | undefined): Record<string, unknown> {
  const merged = new Map(Object.entries(target));
  for (const [key, value] of Object.entries(patch ?? {})) {
    if (value === null) merged.delete(key);
    else {
      const before = merged.get(key);
      merged.set(key, isObject(value) ? mergePatch(isObject(before) ? before : {}, value) : value);
    }
  }
  return Object.fromEntries(merged);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
