/** In charge of the page about a problem code. */
import { z } from "zod";
import type { Contract } from "../../contract/contract.ts";
import { type ProblemCode, PROBLEMS, type ProblemText } from "../../problems/codes.ts";
import { html, prose } from "./html.ts";
import { writePage } from "./page.ts";
import { problemBar, problemList } from "./problem-list.ts";

const shownExamples = z.looseObject({
  components: z.looseObject({
    examples: z.record(z.string(), z.looseObject({ value: z.unknown() })),
  }),
});
const problemExample = z.looseObject({ code: z.string(), type: z.string() });

export function problemPage(code: ProblemCode, { document }: Pick<Contract, "document">): string {
  const { status, title, meaning, remedy }: ProblemText = PROBLEMS[code];
  const example = JSON.stringify(exampleInContract(document, code) ?? plainExample(code), null, 2);
  return writePage({
    title: `${title} – Kronicle`,
    root: "../",
    styles: ["docs.css"],
    body: html`<body class="problem">
      ${problemBar("../")}
      <main class="page">
        <p class="eyebrow"><span class="status">${status}</span> <code>${code}</code></p>
        <h1>${title}</h1>
        <h2>What it means</h2>
        <p>${prose(meaning)}</p>
        <h2>What to do</h2>
        <p>${prose(remedy)}</p>
        <h2>How it looks</h2>
        <pre tabindex="0" aria-label="Example of this problem"><code>${example}</code></pre>
        <p>
          Every problem is <code>application/problem+json</code> (RFC 9457). <code>detail</code> says what was wrong this time,
          <code>errors</code> where, and <code>request_id</code> finds the request in the log of the server.
        </p>
        <h2><a href="../problems">All problems</a></h2>
        ${problemList("", code)}
      </main>
    </body>`,
  });
}

function exampleInContract(document: unknown, code: ProblemCode): unknown {
  const examples = shownExamples.safeParse(document).data?.components.examples ?? {};
  return Object.values(examples).find(({ value }) => problemExample.safeParse(value).data?.code === code)?.value;
}

function plainExample(code: ProblemCode) {
  const { status, title } = PROBLEMS[code];
  return {
    type: `/problems/${code}`,
    title,
    status,
    detail: "What was wrong this time, and what to do.",
    instance: "/data/v1/channels",
    code,
    request_id: "0b7a1d8e-6c1f-4a77-9f0e-0d8f3c1b2a45",
    errors: [],
  };
}
