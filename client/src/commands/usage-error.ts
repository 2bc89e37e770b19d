/** Something that whoever called can mend: its message is all they need. */
export class UsageError extends Error {
  override name = "UsageError";
}
