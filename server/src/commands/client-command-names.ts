/** The commands that are the client's, which does with an older Node. This file imports nothing, so that such a Node can load it. */
export const CLIENT_COMMANDS = {
  import: "store a CSV file as rows of a channel",
  export: "write the rows of a channel",
  ls: "list channels",
  typegen: "write the definitions of channels for @kronicle/client",
} as const;
