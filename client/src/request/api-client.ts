/** In charge of the openapi-fetch client by which every operation is called: the lanes have one, and `raw` hands one out. */
import createClient, { type Client, type ClientOptions } from "openapi-fetch";
import type { paths } from "../schema.generated.ts";
import type { Send } from "./sender.ts";
import { writePath } from "./url.ts";
import { writeQuery } from "./write-query.ts";

/** Every operation of the contract, typed by it. */
export type ApiClient = Client<paths>;

/** @param writers those for parameters that nobody has checked before. */
export function createApiClient(
  baseUrl: string,
  send: Send,
  writers?: Pick<ClientOptions, "querySerializer" | "pathSerializer">,
): ApiClient {
  return createClient<paths>({
    baseUrl,
    fetch: (request) => send(request),
    // A followed redirect can turn POST into GET, whose answer would pass for that of the write.
    redirect: "manual",
    querySerializer: writeQuery,
    pathSerializer: writePath,
    ...writers,
  });
}
