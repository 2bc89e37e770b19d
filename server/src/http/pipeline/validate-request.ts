/** In charge of enforcing the contract on requests. Authentication is not its business: that is done by now. */
import { type RequestHandler, Router } from "express";
import * as OpenApiValidator from "express-openapi-validator";
import type { Contract } from "../../contract/contract.ts";
import { requestOperation } from "./request-state.ts";

type ValidatorOptions = Parameters<typeof OpenApiValidator.middleware>[0];

/** One validator for each path: for each request it compiles every path that it knows anew, until one matches. */
export function validateRequest(contract: Contract): RequestHandler {
  const rules = rulesFor(contract);
  const validators = new Map<string, Router>();
  return (request, response, next) => {
    const { path } = requestOperation(request);
    const validate = validators.get(path) ?? validatorFor({ ...rules, paths: { [path]: rules.paths[path] } });
    validators.set(path, validate);
    validate(request, response, next);
  };
}

type Rules = { readonly paths: Readonly<Record<string, unknown>> };

function validatorFor(rules: Rules): Router {
  const validator = OpenApiValidator.middleware({
    // A copy, for the validator rewrites what it is given.
    apiSpec: structuredClone(rules) as unknown as ValidatorOptions["apiSpec"],
    validateApiSpec: false,
    validateSecurity: false,
    validateResponses: false,
    // Never allErrors: 50,000 bad rows made 50,000 errors in one message.
    validateRequests: { allowUnknownQueryParameters: false, allErrors: false },
    fileUploader: false,
  });
  return Router().use(validator);
}

/** Of longer names of columns it is only said that they are too long. */
const LONGEST_TOLD_NAME = 1_024;

/**
 * The names and the types of columns are left to columns/channel-schema.ts, which names every bad one, and in words: a pattern stops at the
 * first, and says nothing to a person.
 */
function rulesFor({ document }: Contract): Rules {
  return JSON.parse(
    JSON.stringify(document, (key, value: unknown) => {
      if (key === "ColumnType") return { type: "string" };
      return key === "ChannelSchema" ? { ...Object(value), propertyNames: { maxLength: LONGEST_TOLD_NAME } } : value;
    }),
  );
}
