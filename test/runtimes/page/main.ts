/** Offers the exercise to whoever opens the page. */
import { exercise } from "../exercise.ts";

Object.assign(globalThis, { exercise });
