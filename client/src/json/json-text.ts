declare const says: unique symbol;

/** JSON as it is sent, and for the compiler what it says. */
export type JsonText<Value> = string & { readonly [says]?: Value };
