import { mixed } from '../containment/index.ts';

/** What a preview said, as far as an order may depend on it. */
export interface Seen {
  readonly system: string;
  /** The control, as canonical text. */
  readonly what: string;
  /** Requests of the last hour; null: nothing of the system is recorded. */
  readonly requests: number | null;
  readonly touched: number;
  /** Live instances that will obey, and those that cannot. */
  readonly obeying: number;
  readonly unable: number;
  /** Ids of other holds on the same thing. */
  readonly holds: readonly string[];
  /** What depends on it. */
  readonly dependants: readonly string[];
}

/** A preview in short: its figures, and digests of what has no figure. */
export interface SeenInShort {
  readonly order: string;
  readonly requests: number | null;
  readonly touched: number;
  readonly obeying: number;
  readonly unable: number;
  readonly holds: string;
  readonly dependants: string;
}

const START = 2_166_136_261;
const digest = (text: string): string => mixed(START, text).toString(16).padStart(8, '0');
const digestOf = (names: readonly string[]): string => digest([...names].sort().join('\n'));

function inShort(seen: Seen): SeenInShort {
  return {
    order: digest(`${seen.system}\n${seen.what}`),
    requests: seen.requests,
    touched: seen.touched,
    obeying: seen.obeying,
    unable: seen.unable,
    holds: digestOf(seen.holds),
    dependants: digestOf(seen.dependants),
  };
}

/** `p1-0b5e1f00-980-412-2-0-811c9dc5-811c9dc5`: what an order carries, so that it is refused where the reach changed since. */
export function previewMark(seen: Seen): string {
  const { order, requests, touched, obeying, unable, holds, dependants } = inShort(seen);
  return ['p1', order, requests ?? 'x', touched, obeying, unable, holds, dependants].join('-');
}

export const PREVIEW_MARK = /^p1-[0-9a-f]{8}-(\d{1,12}|x)-\d{1,12}-\d{1,6}-\d{1,6}-[0-9a-f]{8}-[0-9a-f]{8}$/;

/** Undefined for what no preview gave. */
export function readMark(mark: string): SeenInShort | undefined {
  if (!PREVIEW_MARK.test(mark)) return undefined;
  const [, order, requests, touched, obeying, unable, holds, dependants] = mark.split('-') as [string, ...string[]];
  return {
    order: order!,
    requests: requests === 'x' ? null : Number(requests),
    touched: Number(touched),
    obeying: Number(obeying),
    unable: Number(unable),
    holds: holds!,
    dependants: dependants!,
  };
}

/** Fewer requests than these moving in or out of reach is no change, whatever share they are. */
const FEW = 30;
const SHARE = 0.1;

const shareOf = ({ requests, touched }: Pick<SeenInShort, 'requests' | 'touched'>): number =>
  requests === null || requests === 0 ? 0 : touched / requests;
const percent = (share: number): string => `${Math.round(share * 100)} %`;
const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

/**
 * How the reach of an order changed since its preview, in sentences; none where it is still about the same. Traffic
 * counts as changed where its share moved by ten points, or what is met more than doubled; fewer instances that obey,
 * other holds and other dependants always do.
 */
export function reachChanges(before: SeenInShort, now: SeenInShort): string[] {
  const changes: string[] = [];
  if (before.order !== now.order) changes.push('It was the preview of another order.');
  const share = [shareOf(before), shareOf(now)] as const;
  const moved = Math.abs(now.touched - before.touched) >= FEW;
  if ((before.requests === null) !== (now.requests === null))
    changes.push(now.requests === null ? 'Its traffic is no longer recorded.' : 'Its traffic is recorded now.');
  else if (moved && Math.abs(share[1] - share[0]) >= SHARE)
    changes.push(`It would meet ${percent(share[1])} of the traffic; the preview said ${percent(share[0])}.`);
  else if (moved && now.touched > 2 * before.touched)
    changes.push(`It would meet ${now.touched} requests an hour; the preview said ${before.touched}.`);
  if (now.obeying < before.obeying)
    changes.push(
      `${count(now.obeying, 'live instance obeys', 'live instances obey')}; the preview said ${before.obeying}.`,
    );
  if (now.unable > before.unable)
    changes.push(
      `${count(now.unable, 'instance cannot', 'instances cannot')} obey; the preview said ${before.unable}.`,
    );
  if (before.holds !== now.holds) changes.push('Other holds on the same thing came or went.');
  if (before.dependants !== now.dependants) changes.push('What depends on it is no longer the same.');
  return changes;
}

/** The same for what was read at this moment. */
export const changesSince = (before: SeenInShort, now: Seen): string[] => reachChanges(before, inShort(now));
