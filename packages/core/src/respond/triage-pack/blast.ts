import { hypergeometricLimits, type Limits } from '../../statistics/index.ts';

/** How a figure came about. `not-captured`: nobody recorded it, which is not the same as zero. */
export type Sureness = 'counted' | 'at-least' | 'sampled' | 'not-captured';

/** One figure of the blast radius, and what it is made of. */
export interface Figure {
  readonly of:
    | 'requests'
    | 'same-version'
    | 'affected'
    | 'people-served'
    | 'people-affected'
    | 'actions'
    | 'downstream';
  readonly value: number | null;
  /** 95 % limits where the figure comes from a sample. */
  readonly limits: Limits | null;
  readonly sureness: Sureness;
  /** A sentence: what was counted, over what. */
  readonly how: string;
}

/** What the telemetry of the window holds, read in full or as an even sample. */
export interface Served {
  /** Requests by the minute counts; null where no request of the system was ever recorded. */
  readonly requests: number | null;
  /** Interactions looked at. */
  readonly looked: number;
  /** Of them, those of the versions in question; null where none are in question. */
  readonly sameVersion: number | null;
  /** Distinct people among them, and how many of them name nobody. */
  readonly people: number;
  readonly nameless: number;
}

/** What is known of those that went wrong. */
export interface Hit {
  /** Interactions with a signal; null where no signal is tied to it at all. */
  readonly interactions: number | null;
  /** Digests of people concerned, of signals with or without an interaction. */
  readonly people: number;
  /** The list of people is cut at this many. */
  readonly peopleBound: number;
  /** Tool calls the answers made, by tool; null where telemetry carries no tool calls. */
  readonly actions: Readonly<Record<string, number>> | null;
}

const requestsOf = ({ requests }: Served): Figure =>
  requests === null
    ? {
        of: 'requests',
        value: null,
        limits: null,
        sureness: 'not-captured',
        how: 'No request of this system was ever recorded here.',
      }
    : {
        of: 'requests',
        value: requests,
        limits: null,
        sureness: 'counted',
        how: 'Every recorded request of the scope, by the minute, from the first signal on.',
      };

function sameVersionOf({ requests, looked, sameVersion }: Served): Figure | null {
  if (sameVersion === null) return null;
  if (looked === 0)
    return {
      of: 'same-version',
      value: null,
      limits: null,
      sureness: 'not-captured',
      how: 'No interaction of the window was kept.',
    };
  const population = Math.max(requests ?? 0, looked);
  if (population === looked)
    return {
      of: 'same-version',
      value: sameVersion,
      limits: null,
      sureness: 'counted',
      how: `All ${looked} interactions of the window were looked at.`,
    };
  const limits = hypergeometricLimits({ affected: sameVersion, sample: looked, population });
  return {
    of: 'same-version',
    value: Math.round(limits.point),
    limits,
    sureness: 'sampled',
    how: `${sameVersion} of ${looked} looked at, drawn evenly, of ${population} in all; exact 95 % limits.`,
  };
}

function peopleServedOf({ requests, looked, people, nameless }: Served): Figure {
  const none = looked === 0 || nameless === looked;
  const whole = looked >= (requests ?? 0) && nameless === 0;
  return {
    of: 'people-served',
    value: none ? null : people,
    limits: null,
    sureness: none ? 'not-captured' : whole ? 'counted' : 'at-least',
    how: none
      ? 'The telemetry names no subjects.'
      : `Distinct subjects among ${looked} interactions looked at${nameless > 0 ? `, ${nameless} of which name nobody` : ''}.`,
  };
}

function actionsOf(actions: Hit['actions']): Figure {
  if (actions === null)
    return {
      of: 'actions',
      value: null,
      limits: null,
      sureness: 'not-captured',
      how: 'The telemetry carries no tool calls, so decisions, records and messages are not known.',
    };
  const named = Object.entries(actions).sort(([, a], [, b]) => b - a);
  return {
    of: 'actions',
    value: named.reduce((sum, [, count]) => sum + count, 0),
    limits: null,
    sureness: 'counted',
    how:
      named.length === 0
        ? 'The interactions with a signal called no tool.'
        : `Tool calls in interactions with a signal: ${named
            .slice(0, 6)
            .map(([tool, count]) => `${tool} ×${count}`)
            .join(', ')}.`,
  };
}

const affectedOf = ({ interactions }: Hit): Figure =>
  interactions === null
    ? {
        of: 'affected',
        value: null,
        limits: null,
        sureness: 'not-captured',
        how: 'It was declared without a candidate, so no signal is tied to it.',
      }
    : {
        of: 'affected',
        value: interactions,
        limits: null,
        sureness: 'at-least',
        how: 'Interactions with a signal of this event. What no detector and nobody noticed is not in it.',
      };

/** Exposed, affected, and what followed, each with how sure it is. Harm is for people to state, and never computed. */
export function blastRadius(served: Served, hit: Hit): Figure[] {
  const sameVersion = sameVersionOf(served);
  return [
    requestsOf(served),
    ...(sameVersion === null ? [] : [sameVersion]),
    affectedOf(hit),
    peopleServedOf(served),
    {
      of: 'people-affected',
      value: hit.people === 0 ? null : hit.people,
      limits: null,
      sureness: hit.people === 0 ? 'not-captured' : 'at-least',
      how:
        hit.people === 0
          ? 'No signal names a person.'
          : `Different people named by the signals${hit.people >= hit.peopleBound ? `; the list ends at ${hit.peopleBound}` : ''}.`,
    },
    actionsOf(hit.actions),
  ];
}
