import { ProblemError } from "./problem-error.ts";

export function credentialInvalid(): ProblemError {
  return new ProblemError("credential_invalid", "The credential is malformed, unknown or no longer valid.", {
    headers: { "WWW-Authenticate": 'Bearer realm="kronicle", error="invalid_token"' },
  });
}
