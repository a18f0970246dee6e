import type { Instant } from '../../kernel/index.ts';
import type { AiSystem } from '../../prepare/inventory/index.ts';
import { type FittingLever, worthWiring } from './fit.ts';
import type { Control } from './kinds/registry.ts';

export interface WiredControl {
  readonly control: string;
  readonly name: string;
  readonly what: Control;
  /** When an order by it was last confirmed by all who obey; null: never. */
  readonly testedAt: Instant | null;
}

export type MissingControl =
  | { readonly kind: 'stop-all' }
  | { readonly kind: 'stop-feature'; readonly feature: string }
  | { readonly kind: 'roll-back' }
  | { readonly kind: 'guard' }
  /** A lever that comes first for what the system is built of. */
  | { readonly kind: 'for-architecture'; readonly lever: FittingLever }
  | { readonly kind: 'never-tested'; readonly controls: number };

type Judged = Pick<AiSystem, 'type' | 'features' | 'architecture'> & {
  /** Whether anybody ever recorded what it runs. */
  readonly versionsKnown: boolean;
};

/**
 * What could not be stopped tonight. A feature is covered by a control of its own or by one for the whole system; a
 * system whose versions are known ought to have a way back to an earlier one, unless it only scores or classifies. Beyond
 * that, the levers that come first for its architecture are missing where they are not wired.
 */
export function missingControls(
  system: Judged,
  wired: readonly WiredControl[],
  liveGuards: number,
): readonly MissingControl[] {
  const stopsAll = wired.some(({ what }) => what.kind === 'disable' && what.feature === undefined);
  const covered = new Set(wired.flatMap(({ what }) => what.feature ?? []));
  const goesBack =
    system.type === 'predictive' || !system.versionsKnown || wired.some(({ what }) => what.kind === 'route');
  const worth = worthWiring(
    system.architecture,
    wired.map(({ what }) => what),
  ).filter(({ lever, by }) => lever !== 'stop' && (by !== 'route' || goesBack));
  const untested = wired.filter(({ testedAt }) => testedAt === null).length;
  return [
    ...(liveGuards === 0 ? [{ kind: 'guard' as const }] : []),
    ...(stopsAll ? [] : [{ kind: 'stop-all' as const }]),
    ...(stopsAll
      ? []
      : system.features
          .filter(({ key }) => !covered.has(key))
          .map(({ key }) => ({ kind: 'stop-feature' as const, feature: key }))),
    ...(goesBack ? [] : [{ kind: 'roll-back' as const }]),
    ...worth.map((lever) => ({ kind: 'for-architecture' as const, lever })),
    ...(untested > 0 ? [{ kind: 'never-tested' as const, controls: untested }] : []),
  ];
}
