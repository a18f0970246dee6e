interface NodeModules {
  readonly 'node:crypto': typeof import('node:crypto');
  readonly 'node:fs/promises': typeof import('node:fs/promises');
  readonly 'node:http': typeof import('node:http');
  readonly 'node:https': typeof import('node:https');
  readonly 'node:os': typeof import('node:os');
  readonly 'node:path': typeof import('node:path');
}

export const isNode = typeof process !== 'undefined' && typeof process.versions?.node === 'string';

/** A part of Node, or nothing where there is no Node: bundles for edge runtimes must not see an import of it. */
export async function loadNode<K extends keyof NodeModules>(name: K): Promise<NodeModules[K] | undefined> {
  if (!isNode) return undefined;
  const specifier: string = name;
  // Since Node 20.16, and nothing for a bundler to follow.
  const built: unknown = process.getBuiltinModule?.(specifier);
  return (built ?? (await import(/* @vite-ignore */ specifier))) as NodeModules[K];
}
