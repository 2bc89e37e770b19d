import type { Operation } from "../contract/operation.ts";

export const getLiveness: Operation<"getLiveness"> = async () => ({ status: 200, body: { status: "alive" } });
