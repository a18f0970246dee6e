import { CHANNEL_NAMES, type DetectionChannel } from '../../prepare/inventory/index.ts';

/** A control that was not tested for this long is not proven. */
export const PROVEN_MS = 30 * 86_400_000;

/**
 * `stops`: would obey an order now. `old`: lives, and holds an older state. `unproven`: nobody has seen it work lately.
 * `silent`: gives no sign of life. `not`: would not obey, or is not there at all.
 */
export const SURFACE_VERDICTS = ['not', 'silent', 'old', 'unproven', 'stops'] as const;
export type SurfaceVerdict = (typeof SURFACE_VERDICTS)[number];

/** Something that would carry out an order, or would have to be there for one to be given. */
export interface Surface {
  readonly kind: 'guard' | 'gateway' | 'other' | 'executor' | 'control' | 'channel' | 'missing';
  readonly name: string;
  readonly verdict: SurfaceVerdict;
  readonly says: string;
}

const WORDS: Readonly<Record<SurfaceVerdict, string>> = {
  not: 'would not stop',
  silent: 'silent',
  old: 'older state',
  unproven: 'not proven',
  stops: 'would stop',
};

/** The verdict on one surface in two or three words. */
export function surfaceWord({ kind, verdict }: Pick<Surface, 'kind' | 'verdict'>): string {
  if (kind === 'missing') return 'missing';
  if (kind === 'channel' && verdict === 'not') return 'tells nobody';
  return kind === 'control' && verdict === 'stops' ? 'tested' : WORDS[verdict];
}

export interface SystemHealth {
  readonly system: string;
  readonly name: string;
  /** Worst first. */
  readonly surfaces: readonly Surface[];
  /** `yes`: everything there is would obey; `partly`: something would not; `no`: nothing would. */
  readonly wouldStop: 'yes' | 'partly' | 'no';
}

export interface Examined {
  readonly systems: readonly {
    readonly system: string;
    readonly name: string;
    readonly controls: readonly {
      readonly name: string;
      readonly says: string;
      /** By its own plan: how often it is to be tested is said for each control. */
      readonly readiness: { readonly state: string; readonly says: string };
    }[];
    readonly missing: readonly { readonly kind: string; readonly says: string }[];
  }[];
  readonly instances: readonly {
    readonly instance: string;
    readonly system: string;
    readonly kind: 'guard' | 'gateway' | 'other';
    readonly live: boolean;
    /** Ended in order: it runs nothing any more. */
    readonly left: boolean;
    /** Said by a person to be gone. */
    readonly gone?: boolean;
    readonly current: boolean;
    readonly unsupported: readonly string[];
  }[];
  readonly executors: readonly {
    readonly name: string;
    readonly proof: 'proven' | 'failing' | 'not-proven';
    readonly retired: string | null;
    readonly controls: readonly { readonly system: string }[];
  }[];
  readonly channels: readonly {
    readonly system: string;
    readonly channels: readonly { readonly channel: DetectionChannel; readonly state: string }[];
  }[];
}

/** Said under a name of their own for each control. */
const TOLD_ELSEWHERE = ['never-tested', 'guard'];

function ofInstance({ instance, kind, live, current, unsupported }: Examined['instances'][number]): Surface {
  const of = { kind, name: instance };
  if (!live)
    return {
      ...of,
      verdict: 'silent',
      says: 'No sign of life: what it runs cannot be stopped from here. End its process where it runs; a day later it is not named any more.',
    };
  if (unsupported.length > 0)
    return { ...of, verdict: 'not', says: `Does not know ${unsupported.length} of the controls in force: update it.` };
  if (!current) return { ...of, verdict: 'old', says: 'Lives, and holds an older state than the newest.' };
  return { ...of, verdict: 'stops', says: 'Live, with the newest state.' };
}

const CONTROL_VERDICTS: Readonly<Record<string, SurfaceVerdict>> = { ready: 'stops', failed: 'not' };
const PROOF = {
  proven: ['stops', 'Worked within the last 30 days.'],
  failing: ['not', 'The last time it was tried, it did not work.'],
  'not-proven': ['unproven', 'Was not tried within the last 30 days: rehearse it.'],
} as const;
const CHANNEL = {
  unrouted: ['not', 'is heard, and nobody is told'],
  silent: ['silent', 'was not heard lately'],
} as const;

/** For each system: which surfaces would stop at an order now, which would not, and which nobody has tried. Pure. */
export function examine(it: Examined): readonly SystemHealth[] {
  return it.systems.map(({ system, name, controls, missing }) => {
    const instances = it.instances
      .filter((each) => !each.left && each.gone !== true && (each.system === system || each.system === '*'))
      .map(ofInstance);
    const executors = it.executors
      .filter((each) => each.retired === null && each.controls.some((control) => control.system === system))
      .map(({ name, proof }): Surface => {
        const [verdict, says] = PROOF[proof];
        return { kind: 'executor', name, verdict, says };
      });
    const wired = controls.map(({ name, says, readiness }): Surface => {
      const verdict = CONTROL_VERDICTS[readiness.state] ?? 'unproven';
      return { kind: 'control', name, verdict, says: `${readiness.says} It is there to ${says}.` };
    });
    const gaps = missing
      .filter(({ kind }) => !TOLD_ELSEWHERE.includes(kind))
      .map(({ says }): Surface => ({ kind: 'missing', name: 'Controls', verdict: 'not', says }));
    const heard = (it.channels.find((each) => each.system === system)?.channels ?? []).flatMap(
      ({ channel, state }): Surface[] => {
        const told = CHANNEL[state as keyof typeof CHANNEL];
        return told === undefined
          ? []
          : [{ kind: 'channel', name: CHANNEL_NAMES[channel], verdict: told[0], says: `It ${told[1]}.` }];
      },
    );
    const obeying = [...instances, ...executors].filter(({ verdict }) => verdict === 'stops' || verdict === 'old');
    const none: Surface[] =
      instances.length > 0 || executors.length > 0
        ? []
        : [
            {
              kind: 'missing',
              name: 'Guards',
              verdict: 'not',
              says: 'No guard, gateway or executor is there: an order would be a note that nothing obeys.',
            },
          ];
    const surfaces = [...none, ...instances, ...executors, ...wired, ...gaps, ...heard].sort(
      (a, b) => SURFACE_VERDICTS.indexOf(a.verdict) - SURFACE_VERDICTS.indexOf(b.verdict),
    );
    const wouldStop =
      obeying.length === 0 ? 'no' : surfaces.every(({ verdict }) => verdict === 'stops') ? 'yes' : 'partly';
    return { system, name, surfaces, wouldStop };
  });
}
