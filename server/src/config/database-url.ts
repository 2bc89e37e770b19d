/** In charge of what the URL of a database may say: nothing that would be passed over in silence. */
import { z } from "zod";

/** Others could undo what the server relies on, such as its time limits. */
const URL_PARAMETERS = new Set(["application_name", "options", "sslmode"]);
const SSL_MODES = new Set(["require", "no-verify", "disable"]);

const parametersOf = (url: string) => URL.parse(url)?.searchParams ?? new URLSearchParams();

export const databaseUrlShape = z
  .url({ protocol: /^postgres(ql)?$/ })
  .refine(
    (url) => [...parametersOf(url).keys()].every((name) => URL_PARAMETERS.has(name)),
    "takes application_name, options and sslmode only; NODE_EXTRA_CA_CERTS names a file with authorities for TLS",
  )
  .refine(
    (url) => SSL_MODES.has(parametersOf(url).get("sslmode") ?? "disable"),
    "takes sslmode=require, which checks the certificate and the name in it, no-verify, or disable",
  );

export const databaseUrlsShape = z.string().superRefine((list, context) => {
  for (const url of splitUrls(list)) {
    for (const { message } of databaseUrlShape.safeParse(url).error?.issues ?? []) context.addIssue({ code: "custom", message });
  }
});

/** The URLs of a setting that may name several, separated by commas. A comma within a URL stays: none begins another. */
export function splitUrls(list: string): readonly [string, ...string[]] {
  const [first = "", ...others] = list.split(/\s*,\s*(?=postgres(?:ql)?:\/\/)/);
  return [first, ...others];
}
