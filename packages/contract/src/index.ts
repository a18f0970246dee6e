export type { AnswerOf, AnyEndpoint, CallOf, Endpoint, Method } from './endpoint.ts';
export { endpoint } from './endpoint.ts';
export type { ProblemCode } from './problems.ts';
export { PROBLEMS } from './problems.ts';
