/** In charge of the order of things: what happens to a request, top to bottom. */
import express, { type Express } from "express";
import helmet from "helmet";
import type { AppContext } from "./context.ts";
import type { Operations } from "./contract/operation.ts";
import { assertOnlyContractRoutes } from "./contract/assert-only-contract-routes.ts";
import { createResponseValidator } from "./contract/response-validator.ts";
import { allowOrigins } from "./http/pipeline/allow-origins.ts";
import { authenticate } from "./http/pipeline/authenticate.ts";
import { authorize } from "./http/pipeline/authorize.ts";
import { contractRouter } from "./http/pipeline/contract-router.ts";
import { cutOffStalled, cutOffUnread } from "./http/connection/cut-off.ts";
import { limitRate } from "./http/pipeline/limit-rate.ts";
import { observeRequest } from "./http/pipeline/observe-request.ts";
import { readBody } from "./http/pipeline/read-body.ts";
import { parsePlainQuery, readQuery } from "./http/pipeline/read-query.ts";
import { createReply } from "./http/pipeline/reply.ts";
import { refuseAmbiguous } from "./http/pipeline/refuse-ambiguous.ts";
import { requestId } from "./http/pipeline/request-id.ts";
import { runOperation } from "./http/pipeline/run-operation.ts";
import { sendProblem } from "./http/pipeline/send-problem.ts";
import { traceRequest } from "./http/pipeline/trace-request.ts";
import { validateRequest } from "./http/pipeline/validate-request.ts";

export function createApp(context: AppContext, operations: Operations<AppContext>): Express {
  const { access, config, contract, database, observe } = context;
  const reply = createReply(config.validateResponses ? createResponseValidator(contract) : null, config.answerMemoryBytes);

  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", parsePlainQuery);

  app.use(requestId);
  if (config.tracing !== null) app.use(traceRequest);
  app.use((request, response, next) => {
    cutOffUnread(request, response);
    next();
  });
  app.use(cutOffStalled);
  app.use(observeRequest(observe));
  // Answers of the API are data; the few pages bring a policy of their own.
  app.use(
    helmet({ contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } } }),
  );
  if (config.corsOrigins.length > 0) app.use(allowOrigins(config.corsOrigins));
  app.use(refuseAmbiguous);
  app.use(contractRouter(contract));
  app.use(authenticate(access.identify, observe));
  if (config.rateLimit > 0) app.use(limitRate(config.rateLimit));
  app.use(authorize(database.pools.auth, observe));
  app.use(readQuery);
  app.use(readBody(config));
  app.use(validateRequest(contract));
  app.use(runOperation(operations, context, reply));
  app.use(sendProblem(contract, observe, reply));

  assertOnlyContractRoutes(app, contract);
  return app;
}
