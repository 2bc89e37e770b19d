/** In charge of what users leave to the janitor. */
import type { JanitorTask } from "../../db/janitor-task.ts";
import { forgetSignInAttempts } from "./queries/forgetSignInAttempts.ts";

/** Forgets the attempts to sign in whose quarter of an hour is over. */
export const forgetOldAttempts = {
  name: "forget_sign_in_attempts",
  run: async ({ auth }) => {
    await forgetSignInAttempts(auth, "expired");
    return 0;
  },
} as const satisfies JanitorTask;
