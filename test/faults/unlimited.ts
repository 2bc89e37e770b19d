/** In charge of servers without bounds on load: those have tests of their own (test/overload), and here would hide what a fault does. */
export const UNLIMITED = { KRONICLE_RATE_LIMIT: "0", KRONICLE_MAX_DELAY_MS: "0" };
