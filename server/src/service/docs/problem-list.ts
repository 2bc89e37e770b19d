/** In charge of the list of all problem codes, which several pages show. */
import { type ProblemCode, PROBLEMS } from "../../problems/codes.ts";
import { html, type Html } from "./html.ts";

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
