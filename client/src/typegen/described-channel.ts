type Info = { readonly unit?: string | undefined; readonly description?: string | undefined };

/** What has to be known of a channel to define it, in the words of the contract. It has a name, an id, or both. */
export type DescribedChannel = {
  readonly name?: string | null | undefined;
  readonly channel_id?: string | undefined;
  readonly channel_schema: Readonly<Record<string, string>>;
  readonly column_info?: Readonly<Record<string, Info>> | undefined;
};
