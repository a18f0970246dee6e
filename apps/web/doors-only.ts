import type { Plugin } from 'vite';

/**
 * Of the contract the browser needs methods and paths; the schemas judge on the server, and would weigh more than all
 * screens together. Here every member and every call of zod answers the same nothing.
 */
const NOTHING = `
const nothing = new Proxy(() => nothing, { get: (_, name) => (name === 'then' ? undefined : nothing), apply: () => nothing });
export const z = nothing;
export default nothing;
`;
export const withoutSchemas: Plugin = {
  name: 'without-schemas',
  enforce: 'pre',
  resolveId: (id) => (id === 'zod' ? '\0without-schemas' : null),
  load: (id) => (id === '\0without-schemas' ? NOTHING : null),
};

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [member: string]: unknown;
}
const isNode = (value: unknown): value is Node =>
  value !== null && typeof value === 'object' && typeof (value as Node).type === 'string';
const nameOf = (value: unknown): string => (isNode(value) && value.type === 'Identifier' ? String(value.name) : '');

/** The name a chain of calls and members begins with: `z` of `z.string().min(1)`. */
function rootOf(node: Node): string {
  let at: unknown = node;
  while (isNode(at) && (at.type === 'CallExpression' || at.type === 'MemberExpression')) at = at.callee ?? at.object;
  return nameOf(at);
}

/** What a client needs of a door. */
const KEPT = new Set(['method', 'path']);

/**
 * A module of the contract (JavaScript, with its tree) as the browser needs it: of a door its method and its path (and what
 * it may have them from), of a schema nothing. Throws where a door is not written as one plain object.
 */
export function doorsOf(code: string, tree: unknown): string {
  let text = '';
  let upTo = 0;
  const put = (node: Node, instead: string) => {
    text += code.slice(upTo, node.start) + instead;
    upTo = node.end;
  };
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) visit(each);
    if (!isNode(value)) return;
    if (value.type === 'CallExpression' && nameOf(value.callee) === 'endpoint') {
      const [door] = value.arguments as readonly Node[];
      if (door?.type !== 'ObjectExpression')
        throw new Error(`This door is no plain object: ${code.slice(value.start, value.end)}`);
      const kept = (door.properties as readonly Node[]).filter(
        ({ type, key }) => type === 'SpreadElement' || KEPT.has(nameOf(key)),
      );
      put(value, `({ ${kept.map(({ start, end }) => code.slice(start, end)).join(', ')} })`);
      return;
    }
    if (value.type === 'CallExpression' && rootOf(value) === 'z') {
      put(value, 'z');
      return;
    }
    const { init } = value;
    if (isNode(init) && init.type === 'CallExpression' && rootOf(init) !== 'z')
      put({ ...init, end: init.start }, '/* @__PURE__ */ ');
    for (const each of Object.values(value)) visit(each);
  };
  visit(tree);
  return text + code.slice(upTo);
}

export const doorsOnly: Plugin = {
  name: 'doors-only',
  transform: {
    filter: { id: /\/packages\/contract\/src\/.*\.ts$/ },
    handler(code) {
      return doorsOf(code, this.parse(code));
    },
  },
};
