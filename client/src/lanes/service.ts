import type { Transport } from "../request/transport.ts";
import type { CallOptions } from "./call-options.ts";
import type { ServiceVersion } from "./service-version.ts";

/**
 * The service itself: whether it works, and which contract it keeps. Any token will do.
 *
 * @example
 * ```ts
 * import { createKronicle, type Service } from "@kronicle/client";
 *
 * const { service }: { service: Service } = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_reader_..." });
 * await service.ready();
 * console.log((await service.version()).contract);
 * ```
 */
export class Service {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Resolves when the process is alive.
   *
   * @throws NetworkError
   * @see operation `getLiveness` of the contract.
   */
  async live({ signal }: CallOptions = {}): Promise<void> {
    await this.#transport.json("get", "/health/live", { signal }, "status");
  }

  /**
   * Resolves when the service can do its work.
   *
   * @throws ApiError `not_ready`, with one entry in `errors` for each reason.
   * @throws NetworkError
   * @see operation `getReadiness` of the contract.
   */
  async ready({ signal }: CallOptions = {}): Promise<void> {
    await this.#transport.json("get", "/health/ready", { signal }, "status");
  }

  /**
   * Says which versions run there.
   *
   * @throws ApiError
   * @throws NetworkError
   * @see operation `getVersion` of the contract.
   */
  async version({ signal }: CallOptions = {}): Promise<ServiceVersion> {
    const { data } = await this.#transport.json("get", "/health/version", { signal }, "contract");
    return data;
  }

  /**
   * Gets what the service counts and measures, in the text format of Prometheus.
   *
   * @throws ApiError
   * @throws NetworkError
   * @see operation `getMetrics` of the contract.
   */
  async metrics({ signal }: CallOptions = {}): Promise<string> {
    const stream = await this.#transport.stream("/metrics", { signal }, "text/plain");
    return new Response(stream).text();
  }

  /**
   * Gets the OpenAPI document that the service enforces.
   *
   * @throws ApiError
   * @throws NetworkError
   * @see operation `getContractJson` of the contract.
   */
  async contract({ signal }: CallOptions = {}): Promise<Record<string, unknown>> {
    const { data } = await this.#transport.json("get", "/openapi.json", { signal }, "openapi");
    return data;
  }

  /**
   * Gets the same document as it was written.
   *
   * @throws ApiError
   * @throws NetworkError
   * @see operation `getContractYaml` of the contract.
   */
  async contractYaml({ signal }: CallOptions = {}): Promise<string> {
    const stream = await this.#transport.stream("/openapi.yaml", { signal }, "application/yaml");
    return new Response(stream).text();
  }
}
