/**
 * Compares the contract with what the servers of the suite really answered. It runs after all other files, and means nothing without
 * them: run alone, it finds nothing tested.
 */
import { readFileSync } from "node:fs";
import { describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { type DocumentedOperation, OPERATIONS } from "./contract/document.ts";
import { isNative } from "./support/database.ts";

const recorded = z.object({ file: z.string(), method: z.string(), path: z.string(), status: z.int() });

/** A server that is overloaded or broken answers the same to every operation of a lane. */
const ONCE_PER_LANE = ["429", "5XX"];

/** What is answered before an operation is reached: test/contract/ asks all operations for it alike. */
const BEFORE_THE_OPERATION = new Set(["401", "403", "406", "413", "415"]);

/** The embedded database does one thing after another: there no request meets the same one still running. */
const NEEDS_TWO_SESSIONS = new Set(["appendRows 409", "appendRowsAsAdmin 409"]);

/** Where a test is about one operation, and knows what it sends: it has the name of the operation, and perhaps a topic. */
const OPERATION_TEST = /\/[a-z]+[A-Z]\w*(\.[a-z-]+)?\.test\.ts$/;

const answers = readFileSync(inject("answersFile"), "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => {
    const { file, method, path, status } = recorded.parse(JSON.parse(line));
    return { file, status, operation: operationOf(method, path) };
  });

function operationOf(method: string, path: string): DocumentedOperation | undefined {
  const candidates = OPERATIONS.filter((operation) => operation.method === method);
  return candidates.find((operation) => operation.path === path) ?? candidates.find((operation) => fits(operation.path, path));
}

function fits(template: string, path: string): boolean {
  const [wanted, given] = [template.split("/"), path.split("/")];
  return (
    wanted.length === given.length && wanted.every((part, at) => (part.startsWith("{") ? given[at] !== "" : part === given[at]))
  );
}

/** 503 is among what the contract writes as 5XX. */
function isListedAs(status: number, listed: string): boolean {
  return listed === String(status) || listed === `${String(status)[0]}XX`;
}

test.each(OPERATIONS.map((operation) => [operation.id, operation] as const))(
  "%s has a test for every status that the contract lists for it",
  (id, operation) => {
    const seen = answers.filter((answer) => answer.operation === operation);
    const untested = operation.statuses
      .filter((listed) => !ONCE_PER_LANE.includes(listed))
      .filter((listed) => isNative || !NEEDS_TWO_SESSIONS.has(`${id} ${listed}`))
      .filter((listed) => {
        const mayBeAnywhere = BEFORE_THE_OPERATION.has(listed);
        return !seen.some(({ file, status }) => (mayBeAnywhere || OPERATION_TEST.test(file)) && isListedAs(status, listed));
      });
    expect(untested).toEqual([]);
  },
);

describe.each([...Map.groupBy(OPERATIONS, ({ role }) => role ?? "nobody in particular")])(
  "an operation for %s",
  (_role, operations) => {
    const listed = ONCE_PER_LANE.filter((status) => operations.some(({ statuses }) => statuses.includes(status)));

    test.each(listed)("has a test for %s", (status) => {
      const seen = answers.filter((answer) => answer.operation && operations.includes(answer.operation));
      expect(seen.filter((answer) => isListedAs(answer.status, status))).not.toEqual([]);
    });
  },
);
