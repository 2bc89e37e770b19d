/** The data sets of the demo: which file of vega-datasets, what channel it becomes, and how a line becomes a row. */
import { type ChannelDefinition, type ColumnInfo, defineChannel, type NewChannel, type NewRow, type Row } from "@kronicle/client";
import type { CsvLine } from "./read-csv.ts";

export type DataSet<Definition extends ChannelDefinition = ChannelDefinition> = {
  readonly title: string;
  /** Its lines are in order of time. */
  readonly file: string;
  readonly definition: Definition;
  readonly density: NonNullable<NewChannel<Definition>["density"]>;
  readonly columnInfo: { readonly [Name in keyof Definition["columns"]]?: ColumnInfo };
  /** The column whose mean is checked, and its name in the file. */
  readonly checked: { readonly column: keyof Row<Definition> & string; readonly field: string };
  readonly toRow: (line: CsvLine) => NewRow<Definition> & { readonly time: string };
};

export const DATA_SETS: readonly DataSet[] = [
  dataSet({
    title: "Seattle, daily weather",
    file: "seattle-weather.csv",
    definition: defineChannel({ precipitation: "float", temp_max: "float", temp_min: "float", wind: "float", weather: "str" }),
    density: "sparse",
    columnInfo: { precipitation: { unit: "mm" }, temp_max: { unit: "Cel" }, temp_min: { unit: "Cel" }, wind: { unit: "m/s" } },
    checked: { column: "temp_max", field: "temp_max" },
    toRow: (line) => ({
      time: midnight(line["date"]),
      precipitation: Number(line["precipitation"]),
      temp_max: Number(line["temp_max"]),
      temp_min: Number(line["temp_min"]),
      wind: Number(line["wind"]),
      weather: String(line["weather"]),
    }),
  }),
  dataSet({
    title: "Mauna Loa, monthly CO2",
    file: "co2-concentration.csv",
    definition: defineChannel({ co2: "float", adjusted: "float" }),
    density: "sparse",
    columnInfo: { co2: { unit: "[ppm]" }, adjusted: { unit: "[ppm]", description: "without the seasons" } },
    checked: { column: "co2", field: "CO2" },
    toRow: (line) => ({ time: midnight(line["Date"]), co2: Number(line["CO2"]), adjusted: Number(line["adjusted CO2"]) }),
  }),
  dataSet({
    title: "Seattle, hourly normals",
    file: "seattle-weather-hourly-normals.csv",
    definition: defineChannel({ pressure: "float", temperature: "float", wind: "float" }),
    density: "normal",
    columnInfo: { pressure: { unit: "hPa" }, temperature: { unit: "Cel" }, wind: { unit: "m/s" } },
    checked: { column: "temperature", field: "temperature" },
    toRow: (line) => ({
      // The file has no offsets: its hours are taken as UTC.
      time: `${line["date"]}Z`,
      pressure: Number(line["pressure"]),
      temperature: Number(line["temperature"]),
      wind: Number(line["wind"]),
    }),
  }),
  dataSet({
    title: "S&P 500, daily",
    file: "sp500-2000.csv",
    definition: defineChannel({ open: "float", high: "float", low: "float", close: "float", adjclose: "float", volume: "int" }),
    density: "sparse",
    columnInfo: { close: { unit: "[USD]" } },
    checked: { column: "close", field: "close" },
    toRow: (line) => ({
      time: midnight(line["date"]),
      open: Number(line["open"]),
      high: Number(line["high"]),
      low: Number(line["low"]),
      close: Number(line["close"]),
      adjclose: Number(line["adjclose"]),
      volume: Number(line["volume"]),
    }),
  }),
];

/** Checks each data set against its own definition, before the list makes them all alike. */
function dataSet<Definition extends ChannelDefinition>(set: DataSet<Definition>): DataSet<Definition> {
  return set;
}

function midnight(date: string | undefined): string {
  return `${date}T00:00:00Z`;
}
