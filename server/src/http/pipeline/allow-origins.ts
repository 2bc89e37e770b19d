/** In charge of calls from pages of other origins (CORS): closed unless the configuration names them. */
import cors from "cors";
import type { RequestHandler } from "express";

export function allowOrigins(origins: readonly string[]): RequestHandler {
  return cors({
    origin: [...origins],
    methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    allowedHeaders: [
      "Authorization",
      "Content-Type",
      "Idempotency-Key",
      "If-Match",
      "Prefer",
      "traceparent",
      "tracestate",
      "X-Request-Id",
    ],
    exposedHeaders: [
      "Content-Disposition",
      "ETag",
      "Idempotency-Replayed",
      "Link",
      "Location",
      "Preference-Applied",
      "RateLimit",
      "RateLimit-Policy",
      "Retry-After",
      "WWW-Authenticate",
      "X-Request-Id",
    ],
    maxAge: 600,
  });
}
