/** In charge of the interactive page: what it says before the contract, which `assets/docs.js` then draws. */
import { html } from "./html.ts";
import { writePage } from "./page.ts";

export function docsPage(version: string): string {
  return writePage({
    title: "Kronicle – interactive docs",
    root: "./",
    styles: ["swagger-ui.css", "docs.css"],
    scripts: ["swagger-ui.js", "docs.js"],
    body: html`<body class="docs">
      <header class="bar">
        <a class="brand" href="./docs">Kronicle</a> <span class="version">${version}</span>
        <nav aria-label="Documentation">
          <a href="./openapi.yaml">YAML</a> <a href="./openapi.json">JSON</a> <a href="./problems">Problems</a>
        </nav>
      </header>
      <div class="page">
        <section class="intro" aria-labelledby="start">
          <h1 id="start">From nothing to rows, in four steps</h1>
          <p>
            The requests are filled in and fit together: press <b>Execute</b> in each. They go to this server, with your key or
            token.
          </p>
          <ol>
            <li>
              <button type="button" data-step="authorize">Authorize</button>
              <span>with an <b>admin</b> key, which may use every lane. It stays in the memory of this page.</span>
              <details class="sign-in">
                <summary>Or sign in with a password</summary>
                <form>
                  <label>E-mail or name <input name="login" autocomplete="username" required /></label>
                  <label>Password <input name="password" type="password" autocomplete="current-password" required /></label>
                  <button type="submit">Sign in</button>
                  <output></output>
                </form>
              </details>
            </li>
            <li>
              <a href="#/setup/createChannel">Create a channel</a> <span>for a thermometer, on the lane of the admin.</span>
            </li>
            <li><a href="#/data/appendRows">Append two rows</a> <span>as a gateway would, on the lane of the writer.</span></li>
            <li><a href="#/api/readRows">Read them</a> <span>and try filters, on the lane of the reader.</span></li>
          </ol>
        </section>
        <noscript
          ><p class="intro">
            Without scripts this page stays empty; <a href="./openapi.yaml">the contract</a> has all of it.
          </p></noscript
        >
        <div id="contract"></div>
      </div>
    </body>`,
  });
}
