/** Writes what a command has to say to stdout: for people, or as JSON with `--json`. */
export function print(value: unknown, text: string, { json }: { readonly json?: true | undefined }): void {
  process.stdout.write(`${json ? JSON.stringify(value, null, 2) : text}\n`);
}
