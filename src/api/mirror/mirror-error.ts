import { Problem } from "../http/problem.ts";
import { encodedBody, type RouteResponse } from "../http/response.ts";

/** The status of an invalid parameter in the service's dialect. */
const INVALID = 422;
/** What the service says, which its clients show, and the remedy here. */
const REFUSALS: Readonly<Record<number, string>> = {
  401: "Invalid API key: send a token with the scope `mirror` as `api_key` or `x-api-key`",
  403: "Forbidden: the token lacks the scope `mirror`; create one with `tokens create --scope mirror`",
};

/** A response in the service's dialect: `{"message": …}`, for an invalid parameter also `errors`. */
export function mirrorError(problem: Problem): RouteResponse {
  const isInvalid = problem.status === 400;
  const body = isInvalid
    ? {
        message: "Validation failed",
        errors:
          problem.errors.length > 0
            ? problem.errors.map(({ parameter, message }) => `${parameter} ${message}`)
            : [problem.message],
      }
    : { message: REFUSALS[problem.status] ?? problem.message };
  return {
    status: isInvalid ? INVALID : problem.status,
    cacheControl: "private, no-store",
    headers: problem.headers,
    load: () => encodedBody(JSON.stringify(body), "application/json"),
  };
}

/** An invalid parameter. */
export const invalidParameter = (parameter: string, message: string): Problem =>
  Problem.invalidParameters([{ parameter, message }]);
