/** In charge of new passwords: refused when weak, and hashed. */
import { findPasswordWeakness, hashPassword } from "../../access/passwords.ts";
import { ProblemError } from "../../problems/problem-error.ts";

type Owner = { readonly email: string; readonly name?: string | null | undefined };

/**
 * @param pointer where it stands in the body.
 * @throws ProblemError request_invalid, sign_in_busy
 */
export async function planPassword(password: string, { email, name }: Owner, pointer: string): Promise<string> {
  const weakness = findPasswordWeakness(password, [name, email, email.split("@", 1)[0]]);
  if (weakness !== null) {
    throw new ProblemError("request_invalid", `The password is too weak: ${pointer}: ${weakness}. Choose another.`, {
      errors: [{ pointer, code: "weak_password", detail: weakness }],
    });
  }
  return hashPassword(password);
}
