/** What has to come of exercise.ts, wherever it runs. */
export const OUTCOME = {
  pages: [
    { time: "2024-03-01T00:00:00.000001Z", count: "-1n", temperature: -0.5, note: "früh 🌡" },
    { time: "2024-03-01T00:00:00.500000Z", count: "9007199254740993n", temperature: 20.5, note: null },
  ],
  columns: { time: ["2024-03-01T00:00:00.500000Z", "2024-03-01T00:00:00.000001Z"], temperature: { float64: [20.5, -0.5] } },
  listed: [2],
  written: { rejected: ["1700 /note"], left: 0 },
  streamed: { rowCount: 2_499, sum: `${(2_499 * 2_500) / 2 - 1_700}n` },
  raw: { status: "alive" },
  csv: 'time,count,temperature,note\r\n2024-03-01T00:00:00.000001Z,-1,-0.5,"früh 🌡"\r\n',
  errors: { conflict: 409, tooLarge: "body_too_large", unreached: true, late: true, stopped: "enough" },
};
