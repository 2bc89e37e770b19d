/** In charge of the settings of a real server without which "stored" would be a lie. */

/** What PostgreSQL says for each, `on` or `off`; the last has more ways of being on. */
export type Durability = {
  readonly fsync: string;
  readonly full_page_writes: string;
  readonly synchronous_commit: string;
};

/** One sentence for each setting that lets acknowledged rows get lost, with what to do. */
export function durabilityFaults(settings: Durability): string[] {
  return [
    ...(settings.fsync === "off"
      ? ["fsync is off: a crash of its machine can lose rows and break the database. Set fsync = on there, and reload it."]
      : []),
    ...(settings.full_page_writes === "off"
      ? [
          "full_page_writes is off: a crash of its machine can break pages of the database. Set full_page_writes = on there, and reload it.",
        ]
      : []),
    ...(settings.synchronous_commit === "off"
      ? [
          "synchronous_commit is off: rows are acknowledged before they are on disk. Set it to on for the server, or by ALTER DATABASE or ALTER ROLE … SET synchronous_commit = on, whichever turned it off.",
        ]
      : []),
  ];
}
