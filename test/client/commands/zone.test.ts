import { expect, test } from "vitest";
import { createZone } from "../../../client/src/commands/import/zone.ts";

const HOUR_MS = 3_600_000;
const START = Date.UTC(2011, 0, 1);
const HOURS = 2 * 365 * 24;

test.each([
  { place: "Europe/Berlin", twice: 4, never: 2 },
  { place: "Asia/Kathmandu", twice: 0, never: 0 },
  // It left out the 30th of December 2011, too.
  { place: "Pacific/Apia", twice: 4, never: 26 },
  { place: "UTC", twice: 0, never: 0 },
])("the clocks of $place show each time once, but for the changes", ({ place, twice, never }) => {
  const zone = createZone(place);
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone: place, dateStyle: "short", timeStyle: "medium" });
  const hours = Array.from({ length: HOURS }, (_, hour) => START + hour * HOUR_MS);
  const shown = hours.map((instant) => ({
    instant,
    instants: zone.instantsOf(Date.parse(`${format.format(instant).replace(" ", "T")}Z`)),
  }));
  expect(shown.filter(({ instant, instants }) => !instants.includes(instant))).toEqual([]);
  expect(shown.filter(({ instants }) => instants.length === 2)).toHaveLength(twice);
  expect(hours.filter((local) => zone.instantsOf(local).length === 0)).toHaveLength(never);
});

test.each([
  ["+05:30", 5.5],
  ["-0330", -3.5],
  ["Z", 0],
])("%s is an offset of its own", (name, hours) => {
  expect(createZone(name).instantsOf(START)).toEqual([START - hours * HOUR_MS]);
});
