import { canonical } from '../../evidence/index.ts';
import {
  type Actor,
  type Decision,
  type Instant,
  ofTypes,
  type Recorded,
  type Refusal,
  refuse,
} from '../../kernel/index.ts';
import type { PlaybookFact, PlaybookId, PlaybookSource } from './facts.ts';
import { DONE_BY, PLAYBOOK_LIMITS, type PlaybookContent } from './playbook.ts';

const MOST_VERSIONS = 500;

export interface PlaybookVersion {
  /** From 1. */
  readonly version: number;
  readonly content: PlaybookContent;
  readonly source: PlaybookSource | null;
  readonly because: string;
  readonly at: Instant;
  readonly by: Actor;
}

export interface Playbook {
  readonly id: PlaybookId;
  readonly key: string;
  readonly edition: string | null;
  /** Oldest first, never empty. */
  readonly versions: readonly PlaybookVersion[];
  readonly retired: boolean;
}

/** A playbook of one's own as its facts say, or null before it is adopted. */
export function foldPlaybook(facts: readonly Recorded[]): Playbook | null {
  return ofTypes<PlaybookFact>(facts, [
    'playbook.adopted',
    'playbook.changed',
    'playbook.retired',
  ]).reduce<Playbook | null>((playbook, fact) => {
    if (fact.type === 'playbook.adopted') {
      const { playbook: id, key, edition, content, source, because } = fact.data;
      const first = { version: 1, content, source, because, at: fact.at, by: fact.by };
      return { id, key, edition, versions: [first], retired: false };
    }
    if (playbook === null) return null;
    if (fact.type === 'playbook.retired') return { ...playbook, retired: true };
    return { ...playbook, versions: [...playbook.versions, { ...fact.data, at: fact.at, by: fact.by }] };
  }, null);
}

export interface AdoptPlaybook {
  readonly playbook: PlaybookId;
  readonly key: string;
  readonly content: PlaybookContent;
  readonly source: PlaybookSource | null;
  readonly because: string;
  /** The shipped playbook it starts from: kept as version 1, so that the difference can always be shown. */
  readonly shipped: { readonly edition: string; readonly content: PlaybookContent } | null;
}

/** `taken` is the playbook that already answers to the key, read under the same lock. */
export function adoptPlaybook(
  state: Playbook | null,
  want: AdoptPlaybook,
  taken: PlaybookId | null,
): Decision<PlaybookFact> {
  if (state !== null) return [];
  if (taken !== null)
    return refuse(
      'playbook.key-taken',
      `Another playbook already answers to the key “${want.key}”. Change that one, or choose another key.`,
      '/key',
    );
  const faults = contentFault(want.content);
  if (faults) return faults;
  const { playbook, key, content, source, because, shipped } = want;
  if (shipped === null)
    return [{ type: 'playbook.adopted', data: { playbook, key, edition: null, content, source, because } }];
  return [
    {
      type: 'playbook.adopted',
      data: {
        playbook,
        key,
        edition: shipped.edition,
        content: shipped.content,
        source: null,
        because: `As shipped, edition ${shipped.edition}`,
      },
    },
    ...(same(shipped.content, content)
      ? []
      : [{ type: 'playbook.changed' as const, data: { version: 2, content, source, because } }]),
  ];
}

export interface ChangePlaybook {
  readonly content: PlaybookContent;
  readonly source: PlaybookSource | null;
  readonly because: string;
  /** The version the change was made on; null: whichever is newest. */
  readonly from: number | null;
}

export function changePlaybook(state: Playbook | null, want: ChangePlaybook): Decision<PlaybookFact> {
  if (state === null || state.retired) return unknownPlaybook();
  const newest = state.versions.at(-1)!;
  if (want.from !== null && want.from !== newest.version)
    return refuse(
      'playbook.changed-meanwhile',
      `Version ${newest.version} was saved meanwhile; this change was made on version ${want.from}. Read the newest version and change that.`,
      '/from',
    );
  const fault = contentFault(want.content);
  if (fault) return fault;
  if (same(newest.content, want.content) && sameDocument(newest.source, want.source)) return [];
  if (newest.version >= MOST_VERSIONS)
    return refuse(
      'playbook.bad-step',
      `A playbook has at most ${MOST_VERSIONS} versions. Retire it and start another.`,
    );
  return [
    {
      type: 'playbook.changed',
      data: { version: newest.version + 1, content: want.content, source: want.source, because: want.because },
    },
  ];
}

export function retirePlaybook(state: Playbook | null, want: { readonly reason: string }): Decision<PlaybookFact> {
  if (state === null) return unknownPlaybook();
  return state.retired ? [] : [{ type: 'playbook.retired', data: { reason: want.reason } }];
}

const unknownPlaybook = () =>
  refuse(
    'playbook.unknown',
    'There is no such playbook, or it has been retired. List the playbooks to see the ones there are.',
  );

/** Another spelling of the same document is no new version. */
const sameDocument = (a: PlaybookSource | null, b: PlaybookSource | null): boolean =>
  canonical(a?.document ?? null) === canonical(b?.document ?? null);
const same = (a: PlaybookContent, b: PlaybookContent): boolean => canonical(a) === canonical(b);

function contentFault(content: PlaybookContent): Refusal | null {
  if (content.steps.length === 0 || content.steps.length > PLAYBOOK_LIMITS.steps)
    return refuse(
      'playbook.bad-step',
      `A playbook has 1 to ${PLAYBOOK_LIMITS.steps} steps; this one has ${content.steps.length}.`,
      '/steps',
    );
  const seen = new Map<string, number>();
  for (const [i, step] of content.steps.entries()) {
    const twice = seen.get(step.key);
    if (twice !== undefined)
      return refuse(
        'playbook.bad-step',
        `Steps ${twice + 1} and ${i + 1} share the key “${step.key}”. Give each its own.`,
        `/steps/${i}/key`,
      );
    seen.set(step.key, i);
    if (step.doneBy !== null && !DONE_BY.test(step.doneBy))
      return refuse(
        'playbook.bad-step',
        `Step “${step.key}” cannot be ticked by “${step.doneBy}”. Use fact:<type>, role:<seat>, severity:answered, holds:confirmed or times:<1 to 4>.`,
        `/steps/${i}/doneBy`,
      );
  }
  return null;
}
