/** In charge of the version in the contract, which is that of the packages: changesets counts it up in manifests alone. */
import { readFileSync, writeFileSync } from "node:fs";
import manifest from "./package.json" with { type: "json" };

const VERSION_OF_INFO = /^( {2}version: ).*$/m;

const source = new URL("openapi.yaml", import.meta.url);
writeFileSync(source, readFileSync(source, "utf8").replace(VERSION_OF_INFO, `$1${manifest.version}`));
