/** Documents that are true: each path and each script that they name is there. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";

const CHECKOUT = new URL("../..", import.meta.url).pathname;

const PAGES = globSync(
  ["*.md", "docs/**/*.md", "test/**/*.md", "migrations/*.md", "openapi/*.md", "client/*.md", "server/*.md"],
  {
    cwd: CHECKOUT,
    // What is made, and what tells of a time gone by.
    exclude: (path) => /node_modules|docs\/client\/reference|CHANGELOG|(^|\/)dist/.test(path),
  },
).toSorted();

const manifest = z.object({ scripts: z.record(z.string(), z.string()) });
const SCRIPTS = new Set(Object.keys(manifest.parse(JSON.parse(readFileSync(join(CHECKOUT, "package.json"), "utf8"))).scripts));

/** A path has a slash, and an ending or another slash at its end. */
const PATH = /^(?:\.\/)?[\w.@-]+(?:\/[\w.@-]+)*(?:\/|\.(?:ts|js|mjs|sql|yaml|yml|md|sh|json|toml|py))$/;
/** What a build, a first start or its reader makes, and what an installed package has. */
const MADE = /^(@kronicle|\.secrets|dist|node_modules|\.kronicle|docs\/client\/reference)\//;
const OF_PNPM_ITSELF = new Set(["deploy", "install", "pack"]);

const FILES = globSync("**", { cwd: CHECKOUT, exclude: (path) => /(^|\/)(node_modules|dist|\.git)(\/|$)/.test(path) })
  .map((path) => `/${path}`)
  .concat(
    globSync([".*/**", ".*"], { cwd: CHECKOUT, exclude: (path) => /node_modules|^\.git(\/|$)/.test(path) }).map(
      (path) => `/${path}`,
    ),
  );
const FOLDERS = new Set(FILES.map((path) => `${dirname(path)}/`));

type Named = { readonly page: string; readonly what: string };

function textOf(page: string): string {
  const text = readFileSync(join(CHECKOUT, page), "utf8");
  // What was before a decision may be gone.
  return page.startsWith("docs/adr/") ? text.replace(/^## Background\n[\s\S]*?(?=^## )/m, "") : text;
}

/** Text outside of fenced blocks, which show what a reader types or sees. */
function proseOf(page: string): string {
  return textOf(page).replaceAll(/^( *)```[\s\S]*?^\1```/gm, "");
}

function pathsIn(page: string): Named[] {
  return [...proseOf(page).matchAll(/`([^`\s]+)`/g)]
    .map(([, what = ""]) => what)
    .filter((what) => what.includes("/") && PATH.test(what) && !MADE.test(what))
    .map((what) => ({ page, what }));
}

function linksIn(page: string): Named[] {
  return [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, what = ""]) => what.split("#", 1)[0] ?? "")
    .filter((what) => what !== "" && !/^[a-z]+:/.test(what))
    .map((what) => ({ page, what }));
}

function scriptsIn(page: string): Named[] {
  return [...textOf(page).matchAll(/(?:npm run(?: --silent)?|`pnpm(?: run)?) ([a-z][\w:-]*)/g)]
    .map(([, what = ""]) => ({ page, what }))
    .filter(({ what }) => !OF_PNPM_ITSELF.has(what));
}

/** A page may leave out where a path begins, once it has said which part of the tree it talks about. */
function isThere({ what }: Named): boolean {
  const end = `/${what.replace(/^\.\//, "")}`;
  return what.endsWith("/") ? [...FOLDERS].some((folder) => folder.endsWith(end)) : FILES.some((file) => file.endsWith(end));
}

test("docs/security.md names no test that is not there", () => {
  const [, table = ""] = textOf("docs/security.md").split("## Threats");
  const named = [...table.matchAll(/`([a-z-]+(?:\/[\w-]+)+)`/g)]
    .map(([, what = ""]) => what)
    .filter((what) => !what.endsWith("/"));
  expect(named).not.toEqual([]);
  expect(
    named.filter((what) => ![`${what}.test.ts`, what].some((path) => FILES.some((file) => file.includes(`/${path}`)))),
  ).toEqual([]);
});

describe.each(PAGES)("%s", (page) => {
  test("names no path that is not there", () => {
    expect(pathsIn(page).filter((named) => !isThere(named))).toEqual([]);
  });

  test("links to nothing that is not there", () => {
    expect(linksIn(page).filter(({ what }) => !existsSync(join(CHECKOUT, dirname(page), what)))).toEqual([]);
  });

  test("names no script that is not there", () => {
    expect(scriptsIn(page).filter(({ what }) => !SCRIPTS.has(what))).toEqual([]);
  });
});
