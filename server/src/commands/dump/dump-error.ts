/** A dump that cannot be read, or cannot be made: broken, cut off, or of a version that is not known here. */
export class DumpError extends Error {
  override name = "DumpError";
}
