/** The exercise as a worker, as edge runtimes start them: it answers requests, and has no process around it. */
import { exercise } from "./exercise.ts";

const worker = {
  fetch: async ({ url }: Request): Promise<Response> => {
    const { searchParams } = new URL(url);
    const [baseUrl = "", token = "", name = ""] = ["baseUrl", "token", "name"].map((each) => searchParams.get(each) ?? "");
    return new Response(await exercise({ baseUrl, token, name }));
  },
};

// Runtimes find a worker as what its module exports by default.
export { worker as default };
