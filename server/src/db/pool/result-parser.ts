/** In charge of checking rows from the database: Slonik gives them the types of their schema, and does not look. */
import { type Interceptor, SchemaValidationError } from "slonik";

export const resultParser: Interceptor = {
  name: "result-parser",
  transformRow: ({ resultParser: schema }, query, row) => {
    if (!schema) return row;
    const result = schema["~standard"].validate(row);
    if (result instanceof Promise) throw new TypeError("row schemas have to validate at once");
    if (result.issues) throw new SchemaValidationError(query, row, result.issues);
    return result.value as typeof row;
  },
};
