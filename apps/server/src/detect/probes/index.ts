import type { Slice } from '../../platform/index.ts';
import { routes } from './routes.ts';

/** Attacks on our own systems, harmless and on a schedule: how much they resist, and when they resist less. */
export const probes: Slice = { name: 'probes', routes };
