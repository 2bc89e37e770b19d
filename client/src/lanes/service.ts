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
    await this.#transport.json("status", signal, (client, init) => client.GET("/health/live", init));
  }

  /**
   * Resolves when the service can do its work.
   *
   * @throws ApiError `not_ready`, with one entry in `errors` for each reason.
   * @throws NetworkError
   * @see operation `getReadiness` of the contract.
   */
  async ready({ signal }: CallOptions = {}): Promise<void> {
    await this.#transport.json("status", signal, (client, init) => client.GET("/health/ready", init));
  }

  /**
   * Says which versions run there.
   *
   * @throws ApiError
   * @throws NetworkError
   * @see operation `getVersion` of the contract.
   */
  async version({ signal }: CallOptions = {}): Promise<ServiceVersion> {
    const { data } = await this.#transport.json("contract", signal, (client, init) => client.GET("/health/version", init));
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
    const { data } = await this.#transport.call("text/plain", signal, (client, init) =>
      client.GET("/metrics", { ...init, parseAs: "text" }),
    );
    return data ?? "";
  }

  /**
   * Gets the OpenAPI document that the service enforces.
   *
   * @throws ApiError
   * @throws NetworkError
   * @see operation `getContractJson` of the contract.
   */
  async contract({ signal }: CallOptions = {}): Promise<Record<string, unknown>> {
    const { data } = await this.#transport.json("openapi", signal, (client, init) => client.GET("/openapi.json", init));
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
    const { data } = await this.#transport.call("application/yaml", signal, (client, init) =>
      client.GET("/openapi.yaml", { ...init, parseAs: "text" }),
    );
    return data ?? "";
  }
}
