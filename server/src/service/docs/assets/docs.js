// Draws the contract of this very server, and fills its forms so that they can be sent as they are.
const root = new URL(".", document.baseURI);

/**
 * Optional parameters start empty: all filters at once, each with its example, would find no row. Their examples stay at hand, in a list
 * beside the field.
 */
function offerExample(parameter) {
  if (parameter.required || parameter.example === undefined) return parameter;
  const { example, schema, ...rest } = parameter;
  const none = schema?.default ?? (schema?.type === "object" ? {} : schema?.type === "array" ? [] : "");
  const examples = {
    none: { summary: schema?.default === undefined ? "left out" : "the default", value: none },
    one: { summary: JSON.stringify(example), value: example },
  };
  return { ...rest, schema, examples };
}

/** What all operations answer alike takes one line; the page about the problem has the rest. */
function shortenRefusal({ content, description, ...rest }) {
  const codes = Object.keys(content?.["application/problem+json"]?.examples ?? {});
  const links = codes.map((code) => `[${code}](${new URL(`problems/${code}`, root)})`).join(", ");
  return { ...rest, description: links ? `${description} Such as ${links}.` : description };
}

/** The parameters that all operations of a path share come first: they name what it is about. */
function withSharedParameters({ parameters = [], ...operations }) {
  return mapValues(operations, (operation) => ({ ...operation, parameters: [...parameters, ...(operation.parameters ?? [])] }));
}

function mapValues(object, map) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}

function prepare(contract) {
  const { components, paths } = contract;
  return {
    ...contract,
    // Wherever the page came from, its requests go there.
    servers: [{ url: root.href.replace(/\/$/, "") }],
    paths: mapValues(paths, withSharedParameters),
    components: {
      ...components,
      parameters: mapValues(components.parameters, offerExample),
      responses: mapValues(components.responses, shortenRefusal),
    },
  };
}

/** Trades a password for a token, which all requests of this page then carry. */
async function signIn(form, ui) {
  const output = form.querySelector("output");
  output.textContent = "Signing in …";
  try {
    const answer = await fetch(new URL("auth/v1/login", root), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(Object.fromEntries(new FormData(form))),
    });
    const { access_token, expires_in, detail } = await answer.json();
    if (answer.ok) ui.preauthorizeApiKey("bearer", access_token);
    output.textContent = answer.ok ? `Signed in, for ${expires_in / 60} minutes.` : detail;
  } catch {
    output.textContent = "The server cannot be reached. Try again.";
  }
  form.elements.password.value = "";
}

/** Swagger UI takes every media type with "json" in its name for JSON, and would put lines of it into quotes. */
function keepLines() {
  return {
    afterLoad() {
      const { getSampleSchema } = this.fn;
      this.fn.getSampleSchema = (schema, type, config, example) =>
        type === "application/x-ndjson" && typeof example === "string" ? example : getSampleSchema(schema, type, config, example);
    },
  };
}

async function draw() {
  const answer = await fetch(new URL("openapi.json", root));
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  const ui = globalThis.SwaggerUIBundle({
    spec: prepare(await answer.json()),
    dom_id: "#contract",
    plugins: [keepLines],
    deepLinking: true,
    tryItOutEnabled: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    defaultModelRendering: "example",
    displayRequestDuration: true,
    requestSnippetsEnabled: false,
    // The only other thing that it would ask another server for.
    validatorUrl: null,
    queryConfigEnabled: false,
    persistAuthorization: false,
  });

  document
    .querySelector("[data-step=authorize]")
    .addEventListener("click", () => document.querySelector(".btn.authorize").click());
  document.querySelector(".sign-in form").addEventListener("submit", (event) => {
    event.preventDefault();
    void signIn(event.currentTarget, ui);
  });
  for (const link of document.querySelectorAll(".intro a[href^='#/']")) {
    link.addEventListener("click", () => {
      const [, tag, operationId] = link.hash.split("/");
      ui.layoutActions.show(["operations-tag", tag], true);
      ui.layoutActions.show(["operations", tag, operationId], true);
      document.getElementById(`operations-${tag}-${operationId}`)?.scrollIntoView({ behavior: "smooth" });
    });
  }
}

draw().catch((error) => {
  const note = document.createElement("p");
  note.className = "intro";
  note.setAttribute("role", "alert");
  note.textContent = `The contract could not be read: ${error.message}. Load the page again.`;
  document.querySelector("#contract").append(note);
});
