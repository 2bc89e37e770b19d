/** In charge of what the pages about problems have in common: the bar above, and the list of all codes. */
import { type ProblemCode, PROBLEMS } from "../../problems/codes.ts";
import { html, type Html } from "./html.ts";

/** @param root what leads from the page to that of the service. */
export function problemBar(root: "./" | "../"): Html {
  return html`<header class="bar">
    <a class="brand" href="${root}docs">Kronicle</a>
    <nav aria-label="Documentation"><a href="${root}docs">Interactive docs</a> <a href="${root}openapi.yaml">Contract</a></nav>
  </header>`;
}

/**
 * @param base what leads from the page to the directory of the pages about problems.
 * @param current the one that the page is about.
 */
export function problemList(base: "" | "problems/", current: ProblemCode | null): Html {
  return html`<ul class="codes">
    ${Object.entries(PROBLEMS).map(([code, { status, title }]) =>
      code === current
        ? html`<li>
            <a href="${base}${code}" aria-current="page"><code>${code}</code></a> <span>${status} – ${title}</span>
          </li>`
        : html`<li>
            <a href="${base}${code}"><code>${code}</code></a> <span>${status} – ${title}</span>
          </li>`,
    )}
  </ul>`;
}
