/** In charge of the page that lists all problem codes. */
import { html } from "./html.ts";
import { writePage } from "./page.ts";
import { problemBar, problemList } from "./problem-list.ts";

export function problemsPage(): string {
  return writePage({
    title: "Problems – Kronicle",
    root: "./",
    styles: ["docs.css"],
    body: html`<body class="problem">
      ${problemBar("./")}
      <main class="page">
        <h1>Problems</h1>
        <p>
          Whatever goes wrong is answered as <code>application/problem+json</code> (RFC 9457). Its <code>code</code> is one of
          these, and its <code>type</code> leads to the page about it: what it means, and what to do.
        </p>
        ${problemList("problems/", null)}
      </main>
    </body>`,
  });
}
