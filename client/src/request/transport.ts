/** In charge of calls of the contract's operations, typed by it. */
import { NetworkError } from "../errors/network-error.ts";
import type { KronicleOptions } from "../kronicle-options.ts";
import type { paths } from "../schema.generated.ts";
import { answerStream } from "../response/answer-stream.ts";
import { checkAnswer } from "../response/check-answer.ts";
import { type RetryPolicy, retryPolicyOf } from "../retry/retry-policy.ts";
import { createSender, type Send } from "./sender.ts";
import { parseBaseUrl, requestName } from "./url.ts";

type Verb = "get" | "post" | "put" | "patch" | "delete";

type PathOf<Method extends Verb> = { [Path in keyof paths]: paths[Path][Method] extends object ? Path : never }[keyof paths];

type Parameters<Operation> = Operation extends { parameters: infer Given } ? Omit<Given, "query" | "cookie"> : never;

type Body<Operation> = Operation extends { requestBody: { content: { "application/json": object } } }
  ? { readonly body: string }
  : { readonly body?: never };

/** The query is written by encoders of ours, and a path that leads elsewhere is stopped before it gets here. */
type Call<Operation> = Parameters<Operation> & Body<Operation> & CallBase;

type CallBase = { readonly search?: string; readonly signal?: AbortSignal | undefined };

type AnyCall = CallBase & {
  readonly path?: Readonly<Record<string, string>>;
  readonly header?: Readonly<Record<string, string>>;
  readonly body?: string;
};

type Success<Operation> = Operation extends { responses: infer Responses } ? Responses[keyof Responses & (200 | 201)] : never;

type Data<Operation> = Success<Operation> extends { content: { "application/json": infer Json } } ? Json : never;

type Answer<Json> = { readonly data: Json; readonly response: Response };

export class Transport {
  /** Without a slash at its end. */
  declare readonly baseUrl: string;
  declare readonly send: Send;
  readonly #policy: RetryPolicy;

  /** @throws TypeError when an option cannot be used. */
  constructor(options: KronicleOptions) {
    this.#policy = retryPolicyOf(options);
    this.baseUrl = parseBaseUrl(options.baseUrl);
    this.send = createSender(options, this.#policy);
  }

  /**
   * @param member what a JSON answer of this operation always has.
   * @throws ApiError
   * @throws NetworkError
   * @throws TimeoutError
   */
  json<Method extends Verb, Path extends PathOf<Method>>(
    method: Method,
    path: Path,
    call: Call<paths[Path][Method]>,
    member: keyof Data<paths[Path][Method]>,
  ): Promise<Answer<Data<paths[Path][Method]>>>;
  async json(method: Verb, path: string, call: AnyCall, member: string): Promise<Answer<unknown>> {
    const request = this.#request(method, path, call, "application/json");
    const response = await checkAnswer(request, await this.send(request, call.signal));
    const data: unknown = await response.json().catch(() => undefined);
    if (typeof data === "object" && data !== null && Object.hasOwn(data, member)) return { data, response };
    throw new NetworkError(`${requestName(request)} got JSON that is none of Kronicle's.`, { status: response.status });
  }

  /**
   * Gets an answer of another type, piece by piece.
   *
   * @throws ApiError
   * @throws NetworkError
   * @throws TimeoutError
   */
  stream<Path extends PathOf<"get">>(
    path: Path,
    call: Call<paths[Path]["get"]>,
    type: string,
  ): Promise<ReadableStream<Uint8Array>>;
  async stream(path: string, call: AnyCall, type: string): Promise<ReadableStream<Uint8Array>> {
    const request = this.#request("get", path, call, type);
    const { body } = await checkAnswer(request, await this.send(request, call.signal));
    const ms = this.#policy.attemptTimeoutMs;
    const message = `${requestName(request)}: the next piece of the answer took longer than ${ms} ms.`;
    return answerStream(body, { ms, signal: call.signal, message });
  }

  #request(method: Verb, path: string, { path: values, search, header, body }: AnyCall, type: string): Request {
    const filled = path.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(values?.[name] ?? ""));
    return new Request(`${this.baseUrl}${filled}${search ? `?${search}` : ""}`, {
      method: method.toUpperCase(),
      headers: {
        Accept: `${type}, application/problem+json`,
        ...(body ? { "Content-Type": "application/json" } : {}),
        ...header,
      },
      body: body ?? null,
      // A followed redirect can turn POST into GET, whose answer would pass for that of the write.
      redirect: "manual",
    });
  }
}
