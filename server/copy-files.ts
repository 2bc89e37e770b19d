/** In charge of what the built server reads beside its code: migrations, and the files of its pages. */
import { cpSync, mkdirSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";

const here = (path: string) => new URL(path, import.meta.url);
const { resolve } = createRequire(import.meta.url);

mkdirSync(here("dist/migrations"));
for (const name of readdirSync(here("../migrations")).filter((file) => /^\d{6}-.*\.sql$/.test(file))) {
  cpSync(here(`../migrations/${name}`), here(`dist/migrations/${name}`));
}

cpSync(here("src/service/docs/assets"), here("dist/service/docs/assets"), { recursive: true });
// Swagger UI comes along as two files and their licences: whoever installs the server then does not install what it depends on.
const SWAGGER_UI = {
  "swagger-ui-bundle.js": "swagger-ui.js",
  "swagger-ui.css": "swagger-ui.css",
  "swagger-ui-bundle.js.LICENSE.txt": "swagger-ui.js.LICENSE.txt",
  LICENSE: "swagger-ui.LICENSE",
  NOTICE: "swagger-ui.NOTICE",
};
for (const [from, to] of Object.entries(SWAGGER_UI))
  cpSync(resolve(`swagger-ui-dist/${from}`), here(`dist/service/docs/assets/${to}`));
