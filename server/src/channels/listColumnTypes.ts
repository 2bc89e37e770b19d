import type { Operation } from "../contract/operation.ts";
import { COLUMN_TYPES } from "../columns/column-type.ts";

export const listColumnTypes: Operation<"listColumnTypes"> = async () => ({ status: 200, body: [...COLUMN_TYPES] });

export const listColumnTypesByOldPath: Operation<"listColumnTypesByOldPath"> = listColumnTypes;
