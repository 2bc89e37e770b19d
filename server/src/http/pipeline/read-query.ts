/**
 * In charge of the query string: every parameter has to be one of the operation, and filters are read by their grammar.
 *
 * The validator accepts unknown parameters as soon as one parameter is an object, and decodes brackets twice. It is therefore handed
 * the plain ones only.
 */
import { type AskedCondition, placeOf, readCondition, readWhere, spellFilter } from "@kronicle/client/filter-grammar";
import type { RequestHandler } from "express";
import type { ContractOperation } from "../../contract/contract.ts";
import { didYouMean } from "../../formats/did-you-mean.ts";
import { shorten } from "../../formats/shorten.ts";
import { describeFaults, type Fault, MAX_FAULTS } from "../../problems/fault.ts";
import { ProblemError } from "../../problems/problem-error.ts";
import type { FunctionChoice } from "../../contract/operation.ts";
import { requestOperation, requestState } from "./request-state.ts";

/** More filters than columns help nobody. */
const MAX_FILTERS = 300;

/** Of a longer text, its beginning says which one is meant. */
const MAX_TOLD_TEXT = 200;

/** Express's query parser: the parameters without brackets; a repeated one becomes a list, which the contract then refuses or takes. */
export function parsePlainQuery(text: string | null): Record<string, string | string[]> {
  // Without a prototype, so that __proto__ and constructor are names like any other.
  const query: Record<string, string | string[]> = Object.create(null);
  const parameters = new URLSearchParams(text ?? "");
  for (const name of new Set(parameters.keys())) {
    const values = parameters.getAll(name);
    if (!name.includes("[")) query[name] = values.length === 1 ? (values[0] ?? "") : values;
  }
  return query;
}

export const readQuery: RequestHandler = (request, _response, next) => {
  const operation = requestOperation(request);
  const start = request.url.indexOf("?");
  const text = start < 0 ? "" : request.url.slice(start + 1);
  const faults = findUnreadable(text);
  if (faults.length === 0) {
    const state = requestState(request);
    const { filters, functions } = readBracketed(operation, new URLSearchParams(text), faults);
    state.filters = filters;
    state.functions = functions;
  }
  if (faults.length > 0) {
    throw new ProblemError("request_invalid", `The query string breaks the contract: ${describeFaults(faults)}.`, {
      errors: faults,
    });
  }
  next();
};

/** URLSearchParams would read on, with other characters in place of those that it cannot read: a filter would look for something else. */
function findUnreadable(text: string): Fault[] {
  const pair = text.split("&").find((part) => !isReadable(part));
  if (pair === undefined) return [];
  const [parameter = ""] = pair.split("=", 1);
  return [{ parameter, code: "malformed_parameter", detail: "it is not percent-encoded UTF-8; write % as %25" }];
}

function isReadable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** What the validator does not see. */
type Bracketed = { readonly filters: AskedCondition[]; readonly functions: FunctionChoice[] };

const FUNCTIONS_NAME = /^fn\[(.*)\]$/s;

function readBracketed(operation: ContractOperation, parameters: URLSearchParams, faults: Fault[]): Bracketed {
  const seen = new Set<string>();
  const filters = new Map<string, AskedCondition>();
  const functions: FunctionChoice[] = [];
  const refuse = (parameter: string, code: string, detail: string) => faults.push({ parameter, code, detail });
  for (const [name, value] of parameters) {
    if (faults.length >= MAX_FAULTS) break;
    const [base = ""] = name.split("[", 1);
    const isBracketed = name !== base;
    const mayRepeat = base === "any" || operation.listParameters.includes(base);
    if (!operation.queryParameters.includes(base)) {
      refuse(name, "unknown_parameter", `there is no such parameter${suggest(base, operation.queryParameters)}`);
    } else if (isBracketed !== operation.bracketParameters.includes(base)) {
      refuse(name, "malformed_parameter", isBracketed ? `${base} takes no brackets` : `write ${base}[column]=value`);
    } else if (seen.has(name) && !mayRepeat) {
      refuse(name, "repeated_parameter", "it stands twice");
    } else if (operation.integerParameters.includes(base) && !/^-?\d+$/.test(value)) {
      // The validator would take 1e2 and 0x10 for numbers, as JavaScript does.
      refuse(name, "not_an_integer", "expected a whole number in decimal digits");
    } else if (isBracketed && base === "fn") {
      const column = FUNCTIONS_NAME.exec(name)?.[1];
      if (column === undefined) refuse(name, "malformed_parameter", "write fn[column]=avg,max");
      else functions.push({ column, functions: value.split(",") });
    } else if (isBracketed) {
      const condition = readCondition(name, value);
      if (condition === null) refuse(name, "malformed_parameter", `write ${base}[column]=value`);
      else if ("fault" in condition) refuse(name, "malformed_parameter", condition.fault);
      else if (!addFilter(filters, { ...condition, form: "brackets" })) refuse(name, "repeated_parameter", "it stands twice");
    } else if (name === "where") {
      const condition = readWhere(value);
      if ("fault" in condition) refuse(name, "malformed_parameter", `"${shorten(value, MAX_TOLD_TEXT)}": ${condition.fault}`);
      else if (!addFilter(filters, { ...condition, form: "where" })) {
        refuse(name, "repeated_parameter", `${spellFilter("where", condition.operator, placeOf(condition))} stands twice`);
      }
    }
    seen.add(name);
  }
  if (filters.size > MAX_FILTERS) refuse("filters", "too_many", `at most ${MAX_FILTERS} filters`);
  return { filters: [...filters.values()], functions };
}

/** Whether it could be added: of one place each filter stands once, but for lists, which grow, in whatever form they are written. */
function addFilter(filters: Map<string, AskedCondition>, condition: AskedCondition): boolean {
  const key = spellFilter("brackets", condition.operator, placeOf(condition));
  const known = filters.get(key);
  if (known === undefined) filters.set(key, condition);
  else if (known.operator === "any" && condition.operator === "any") {
    filters.set(key, { ...known, values: [...known.values, ...condition.values] });
  } else return false;
  return true;
}

function suggest(name: string, known: readonly string[]): string {
  if (known.length === 0) return "; this operation takes none";
  return didYouMean(name, known) || `; there are ${known.join(", ")}`;
}
