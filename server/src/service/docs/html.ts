/** In charge of writing HTML: a page is a template, and whatever is put into it is escaped unless it is HTML itself. */

/** Text that is HTML already. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Html | readonly Html[];

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.map((string, index) => string + (index < parts.length ? write(parts[index] ?? "") : "")).join(""));
}

/** Text in which `backticks` mark what is to be read as code. */
export function prose(text: string): Html {
  return new Html(
    text
      .split("`")
      .map((part, index) => (index % 2 === 0 ? escape(part) : `<code>${escape(part)}</code>`))
      .join(""),
  );
}

function write(part: Part): string {
  if (part instanceof Html) return part.text;
  return typeof part === "object" ? part.map(({ text }) => text).join("") : escape(String(part));
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}
