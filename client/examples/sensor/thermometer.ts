/** In charge of what the sensor stores, for it and for the page that draws it. */
import { defineChannel } from "@kronicle/client";

export const thermometer = defineChannel({ reading: "int", temperature: "float" });
