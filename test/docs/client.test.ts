import { readdir } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { readBlocks } from "../support/documents/markdown.ts";
import { runTypeScript } from "../support/documents/run-typescript.ts";
import { KEYS } from "../support/server.ts";
import { useTestServer } from "../support/use-test-server.ts";

const DIRECTORY = "docs/client";
const PAGES = (await readdir(new URL(`../../${DIRECTORY}`, import.meta.url))).filter((file) => file.endsWith(".md"));

const server = useTestServer();

describe.each(PAGES)(`${DIRECTORY}/%s`, (page) => {
  test("is a program that compiles, and prints what the page says", async () => {
    const blocks = await readBlocks(`${DIRECTORY}/${page}`);
    const textOf = (language: string) => blocks.filter((block) => block.language === language).map(({ text }) => text);
    // Nothing on these pages is there to be believed.
    expect(blocks.filter(({ language }) => language !== "ts" && language !== "text")).toEqual([]);
    if (blocks.length === 0) return;

    const environment = { KRONICLE: server.url, ADMIN_KEY: KEYS.admin, WRITER_KEY: KEYS.writer, READER_KEY: KEYS.reader };
    expect(await runTypeScript(textOf("ts").join("\n"), environment)).toEqual({
      code: 0,
      stdout: textOf("text").join(""),
      stderr: "",
    });
  });
});
