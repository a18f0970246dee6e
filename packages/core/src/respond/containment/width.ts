import type { ControlBase } from './control.ts';

/** `narrow`: one feature, agent, index, pattern. `wide`: the whole of a system. */
export type Width = 'narrow' | 'wide';

/** Members that aim a control at a part of a system. */
const PARTS = ['feature', 'agent', 'tools', 'credential', 'index', 'trigger', 'phrases', 'patterns', 'from'] as const;

/** How much of a system a control touches. One of a kind not known here is taken as wide unless it names a part. */
export function widthOf(what: ControlBase): Width {
  const members = what as unknown as Readonly<Record<string, unknown>>;
  return PARTS.some((part) => members[part] !== undefined) ? 'narrow' : 'wide';
}
