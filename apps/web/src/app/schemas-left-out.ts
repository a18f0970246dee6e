/**
 * Stands in for zod in the browser. Of the contract the browser needs methods and paths; the schemas judge on the server,
 * and weigh more than all screens together. Every member and every call answers this same nothing.
 */
const nothing: object = new Proxy(() => nothing, {
  get: (_target, name) => (name === 'then' ? undefined : nothing),
  apply: () => nothing,
});

export const z = nothing;
export default nothing;
