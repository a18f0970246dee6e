import type { Instant } from '../../kernel/index.ts';
import type { DetectionChannel } from '../inventory/index.ts';

/** One thing that carries a policy out. Controls and channels belong to a system; steps and reviews to whoever acts. */
export type Means =
  /** A control declared on a system, by its name or its id. */
  | { readonly kind: 'control'; readonly system: string; readonly control: string }
  /** A step of a playbook, both by key. */
  | { readonly kind: 'step'; readonly playbook: string; readonly step: string }
  | { readonly kind: 'channel'; readonly system: string; readonly channel: DetectionChannel }
  /** People look at it: what they look at, and which role or team does. */
  | { readonly kind: 'review'; readonly what: string; readonly by: string };

export const MOST_MEANS = 100;

/** Two means with the same key are the same thing. */
export function meansKey(means: Means): string {
  switch (means.kind) {
    case 'control':
      return `control ${means.system} ${means.control}`;
    case 'step':
      return `step ${means.playbook} ${means.step}`;
    case 'channel':
      return `channel ${means.system} ${means.channel}`;
    case 'review':
      return `review ${means.by} ${means.what}`;
  }
}

/** What is there to carry policies out at this moment. A member that is absent has not been read. */
export interface InPlace {
  readonly controls?: ReadonlyMap<
    string,
    readonly { readonly control: string; readonly name: string; readonly testedAt: Instant | null }[]
  >;
  readonly channels?: ReadonlyMap<
    string,
    readonly { readonly channel: DetectionChannel; readonly state: 'ready' | 'unrouted' | 'silent' | 'missing' }[]
  >;
  /** Keys of steps by key of the playbook. */
  readonly steps?: ReadonlyMap<string, ReadonlySet<string>>;
}

export type MeansState =
  /** Not read: neither there nor missing. */
  | { readonly state: 'unknown' }
  | { readonly state: 'missing' }
  | { readonly state: 'wired'; readonly testedAt: Instant }
  | { readonly state: 'untested' }
  | { readonly state: 'ready' | 'unrouted' | 'silent' }
  | { readonly state: 'written' }
  /** People say that they do it; no machine can tell. */
  | { readonly state: 'declared' };

/** Whether one thing that carries a policy out is really there. */
export function stateOfMeans(means: Means, there: InPlace): MeansState {
  switch (means.kind) {
    case 'control': {
      if (there.controls === undefined) return { state: 'unknown' };
      const wired = there.controls
        .get(means.system)
        ?.find(({ control, name }) => control === means.control || name === means.control);
      if (wired === undefined) return { state: 'missing' };
      return wired.testedAt === null ? { state: 'untested' } : { state: 'wired', testedAt: wired.testedAt };
    }
    case 'channel': {
      if (there.channels === undefined) return { state: 'unknown' };
      const heard = there.channels.get(means.system)?.find(({ channel }) => channel === means.channel);
      return { state: heard?.state ?? 'missing' };
    }
    case 'step': {
      const steps = there.steps?.get(means.playbook);
      if (there.steps === undefined) return { state: 'unknown' };
      return { state: steps?.has(means.step) ? 'written' : 'missing' };
    }
    case 'review':
      return { state: 'declared' };
  }
}

/** Whether it would carry the policy out tonight. A control nobody ever tested, or a channel nobody hears, would not surely. */
export const isSound = ({ state }: MeansState): boolean => ['wired', 'ready', 'written', 'declared'].includes(state);

/**
 * The systems for which nothing carries the policy out: neither a control nor a channel of theirs, nor a step or review,
 * which hold for every system. `bound`: keys of the systems it binds.
 */
export function uncovered(means: readonly Means[], bound: readonly string[]): string[] {
  if (means.some(({ kind }) => kind === 'step' || kind === 'review')) return [];
  const covered = new Set(means.flatMap((each) => ('system' in each ? [each.system] : [])));
  return bound.filter((system) => !covered.has(system));
}
