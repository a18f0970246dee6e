import { addMs, type Instant } from '../../kernel/index.ts';
import type { Compared } from '../evals/index.ts';
import { Bin, type Step } from '../measures/index.ts';

/** The feature that drills are about: none of a real system goes by it. */
export const DRILLED_FEATURE = 'fire-drill';

export interface VendorIncident {
  readonly vendor: string;
  readonly name: string;
  readonly impact: 'critical' | 'major' | 'minor';
  readonly component: string;
  readonly text: string;
}

/** What the page of the vendor answers, in the format of Atlassian Statuspage. */
export const statusPageOf = (it: VendorIncident, mark: string, at: Instant): unknown => ({
  incidents: [
    {
      id: mark,
      name: it.name,
      status: 'investigating',
      impact: it.impact,
      created_at: at,
      components: [{ name: it.component }],
      incident_updates: [{ body: it.text }],
    },
  ],
});

/** So many usual minutes and then so many in which every request fails, each with so many requests. */
export interface ErrorMinutes {
  readonly usual: number;
  readonly failing: number;
  readonly requests: number;
  /** Of the requests of a usual minute. */
  readonly errorsUsually: number;
}

const MINUTE_MS = 60_000;

/** The minutes up to one moment, oldest first, each with its errors. */
export function errorSteps({ usual, failing, requests, errorsUsually }: ErrorMinutes, until: Instant): Step[] {
  const count = usual + failing;
  return Array.from({ length: count }, (_, i) => {
    const bin = new Bin();
    bin.rate(i < usual ? errorsUsually : requests, requests);
    return { minute: addMs(until, (i - count) * MINUTE_MS).slice(0, 16), bin: bin.data() };
  });
}

export interface GoldenSetDrop {
  readonly name: string;
  /** What is asked; each case adds its number. */
  readonly question: string;
  readonly cases: number;
  readonly passedBefore: number;
  readonly passedNow: number;
}

/** A run and the one before it, case by case. Whoever failed before fails still. */
export function runsOf({ question, cases, passedBefore, passedNow }: GoldenSetDrop): {
  readonly before: readonly Compared[];
  readonly now: readonly Compared[];
} {
  const run = (passed: number): Compared[] =>
    Array.from({ length: cases }, (_, i) => ({
      id: `${question} ${i + 1}?`,
      digest: `case-${i + 1}`,
      cluster: null,
      state: i < passed ? 'passed' : 'failed',
    }));
  return { before: run(passedBefore), now: run(passedNow) };
}
