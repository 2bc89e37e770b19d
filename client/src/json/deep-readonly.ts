/** A body is only read, so that callers may hand over what they have frozen. */
export type DeepReadonly<Type> = Type extends object ? { readonly [Key in keyof Type]: DeepReadonly<Type[Key]> } : Type;
