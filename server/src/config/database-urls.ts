/** In charge of a setting that may hold several URLs. */
import { z } from "zod";
import { databaseUrlShape } from "./database-url.ts";
import { splitUrls } from "./split-urls.ts";

export const databaseUrlsShape = z.string().superRefine((list, context) => {
  for (const url of splitUrls(list)) {
    for (const { message } of databaseUrlShape.safeParse(url).error?.issues ?? []) context.addIssue({ code: "custom", message });
  }
});
