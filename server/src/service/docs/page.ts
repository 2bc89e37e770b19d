/** In charge of what all pages have in common: their head, and what a browser may do for them. */
import { assetAddress, type AssetName } from "./assets.ts";
import { html, type Html } from "./html.ts";

type Page = {
  readonly title: string;
  /** Way from the page to the root of the server, relative, so that a server behind a path of a proxy works too. */
  readonly root: "./" | "../";
  readonly styles: readonly AssetName[];
  readonly scripts?: readonly AssetName[];
  readonly body: Html;
};

const POLICY = ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "img-src 'self' data:"];

/** Headers of a page that runs scripts of ours, which call the API. */
export const SCRIPTED_PAGE_HEADERS = headers(["script-src 'self'", "connect-src 'self'", "style-src 'self'"]);

/** Headers of a page that is nothing but text. */
export const PLAIN_PAGE_HEADERS = headers(["style-src 'self'"]);

function headers(more: readonly string[]) {
  return { "Content-Security-Policy": [...POLICY, ...more].join("; "), "Cache-Control": "no-cache" };
}

export function writePage({ title, root, styles, scripts = [], body }: Page): string {
  const address = (name: AssetName) => `${root}docs/${assetAddress(name)}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light" />
        <title>${title}</title>
        <link rel="icon" href="${address("icon.svg")}" />
        ${styles.map((name) => html`<link rel="stylesheet" href="${address(name)}" />`)}
        ${scripts.map((name) => html`<script src="${address(name)}" defer></script>`)}
      </head>
      ${body}
    </html> `.text;
}
