/** In charge of choosing the points of a line that make the same impression as all of them (Steinarsson 2013, https://skemman.is/handle/1946/15343). */
import type { SamplePoint } from "./queries/selectExtremes.ts";

/** Points in order of time: the first, the last, and of each stretch between them the one that makes the largest triangle with its neighbours. */
export function largestTriangles(points: readonly SamplePoint[], most: number): SamplePoint[] {
  const [first] = points;
  const last = points.at(-1);
  if (points.length <= most || !first || !last) return [...points];
  const chosen = [first];
  const stretch = (points.length - 2) / (most - 2);
  for (let index = 0; index < most - 2; index++) {
    const from = Math.floor(index * stretch) + 1;
    const to = Math.floor((index + 1) * stretch) + 1;
    const next = mean(points.slice(to, Math.min(Math.floor((index + 2) * stretch) + 1, points.length)), last);
    const before = chosen.at(-1) ?? first;
    chosen.push(largest(points.slice(from, to), before, next));
  }
  return [...chosen, last];
}

type Place = { readonly seconds: number; readonly value: number };

function mean(points: readonly SamplePoint[], otherwise: Place): Place {
  if (points.length === 0) return otherwise;
  const sum = (pick: (point: Place) => number) => points.reduce((total, point) => total + pick(point) / points.length, 0);
  return { seconds: sum(({ seconds }) => seconds), value: sum(({ value }) => value) };
}

function largest(candidates: readonly SamplePoint[], before: Place, next: Place): SamplePoint {
  const area = ({ seconds, value }: Place) =>
    Math.abs((before.seconds - next.seconds) * (value - before.value) - (before.seconds - seconds) * (next.value - before.value));
  return candidates.reduce((best, each) => (area(each) > area(best) ? each : best));
}
