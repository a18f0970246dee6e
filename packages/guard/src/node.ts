interface NodeModules {
  readonly crypto: typeof import('node:crypto');
  readonly fs: typeof import('node:fs/promises');
  readonly http: typeof import('node:http');
  readonly https: typeof import('node:https');
  readonly os: typeof import('node:os');
  readonly path: typeof import('node:path');
}

const NAMES: { readonly [key in keyof NodeModules]: string } = {
  crypto: 'node:crypto',
  fs: 'node:fs/promises',
  http: 'node:http',
  https: 'node:https',
  os: 'node:os',
  path: 'node:path',
};

export const isNode = typeof process !== 'undefined' && typeof process.versions?.node === 'string';

/** A part of Node, or nothing where there is no Node: bundles for edge runtimes must not see the name. */
export async function loadNode<K extends keyof NodeModules>(name: K): Promise<NodeModules[K] | undefined> {
  if (!isNode) return undefined;
  const specifier: string = NAMES[name];
  return (await import(/* @vite-ignore */ specifier)) as NodeModules[K];
}
