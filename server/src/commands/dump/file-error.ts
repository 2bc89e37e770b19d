/** A file of the operator's cannot be read, or not be written. */
export class FileError extends Error {
  override name = "FileError";
  readonly use: "read" | "write";

  constructor(use: "read" | "write", message: string, options?: ErrorOptions) {
    super(message, options);
    this.use = use;
  }
}
