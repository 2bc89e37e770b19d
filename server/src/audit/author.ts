/** Who does it, and by which request: for the audit trail. */
export type Author = { readonly actor: string; readonly requestId: string };
