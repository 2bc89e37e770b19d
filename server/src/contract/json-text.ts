/** JSON that was built elsewhere, by the database, and is passed on as it is. */
export class JsonText {
  /** Together they are the text. A large one is never copied into a larger one: its garbage would cost more than sending it. */
  readonly parts: readonly string[];

  constructor(text: string | readonly string[]) {
    this.parts = typeof text === "string" ? [text] : text;
  }
}
