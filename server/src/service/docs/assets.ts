/** In charge of the files that the pages ask for: a fixed list, so that no path from outside ever reaches the disk. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { ConstantText } from "../../contract/constant-text.ts";

type AssetType = "text/javascript" | "text/css" | "image/svg+xml";

export type Asset = {
  readonly type: AssetType;
  readonly text: ConstantText;
  /** Changes with the content. */
  readonly fingerprint: string;
};

const ASSETS = {
  "swagger-ui.js": { type: "text/javascript", from: "swagger-ui-dist/swagger-ui-bundle.js" },
  "swagger-ui.css": { type: "text/css", from: "swagger-ui-dist/swagger-ui.css" },
  "docs.js": { type: "text/javascript", from: "./assets/docs.js" },
  "docs.css": { type: "text/css", from: "./assets/docs.css" },
  "icon.svg": { type: "image/svg+xml", from: "./assets/icon.svg" },
} as const satisfies Record<string, { type: AssetType; from: string }>;

export type AssetName = keyof typeof ASSETS;

export function isAssetName(name: string): name is AssetName {
  return Object.hasOwn(ASSETS, name);
}

const read = new Map<AssetName, Asset>();

export function readAsset(name: AssetName): Asset {
  const known = read.get(name);
  if (known) return known;
  const { type, from } = ASSETS[name];
  // The published package brings all of them: one of ours has a dependency that reports each install to its maker.
  const own = new URL(`./assets/${name}`, import.meta.url);
  const file = existsSync(own) ? own : new URL(import.meta.resolve(from));
  // The maps of the bundles are not served, and a reference to one makes the tools of a browser ask for it.
  const text = readFileSync(file, "utf8").replace(/\n\/[/*]# sourceMappingURL=\S+( \*\/)?\s*$/, "\n");
  const asset = { type, text: new ConstantText(text), fingerprint: createHash("sha256").update(text).digest("hex").slice(0, 16) };
  read.set(name, asset);
  return asset;
}

/** Address of a file, relative to `/docs/`; another content has another address, so that caches may keep it. */
export function assetAddress(name: AssetName): string {
  return `${name}?v=${readAsset(name).fingerprint}`;
}
