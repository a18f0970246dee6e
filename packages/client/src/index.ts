export type { Client } from './client.ts';
export { createClient, Problem, Unreachable } from './client.ts';
