import { type PlaybookArchetype, SHIPPED } from '../playbooks/index.ts';
import type { Entry } from './riskiest.ts';

export interface LikelyFailure {
  readonly archetype: PlaybookArchetype;
  readonly why: string;
}

const PROPOSED = 3;
const acts = ({ autonomy, type }: Entry): boolean =>
  type === 'agent' || autonomy === 'acts-alone' || autonomy === 'acts-within-limits';
const readsOthers = ({ architecture, type, tools }: Entry): boolean =>
  type === 'agent' || architecture === 'rag' || architecture === 'agentic' || tools.length > 0;

const RULES: readonly (LikelyFailure & { readonly when: (entry: Entry) => boolean })[] = [
  { archetype: 'agentic-misalignment', why: 'it acts by itself, so it can do what nobody asked for', when: acts },
  {
    archetype: 'unsafe-automated-decision',
    why: 'what it says decides about people',
    when: ({ type, riskClass }) => type === 'predictive' || riskClass.startsWith('annex-iii'),
  },
  {
    archetype: 'misinformation-cascade',
    why: 'it answers in words, and people act on what it says',
    when: ({ type }) => type === 'generative' || type === 'voice',
  },
  {
    archetype: 'prompt-injection',
    why: 'it reads text that others wrote, and instructions can hide in it',
    when: readsOthers,
  },
  {
    archetype: 'data-exfiltration',
    why: 'it can reach data that not everybody may see',
    when: (entry) =>
      readsOthers(entry) ||
      entry.architecture === 'with-memory' ||
      entry.dependencies.some(({ kind }) => kind === 'data'),
  },
  {
    archetype: 'integration-compromise',
    why: 'its tools can be turned against you',
    when: ({ tools }) => tools.length > 0,
  },
  { archetype: 'toxicity-abuse', why: 'people talk to it, and some try to make it say worse', when: () => true },
  { archetype: 'quality-drift', why: 'any model gets worse without telling', when: () => true },
  { archetype: 'vendor-failure', why: 'it stands on a model of somebody else', when: () => true },
];

/** What may go wrong first with a system of this kind, most likely first: at most three, each with a shipped playbook. */
export function likelyFailures(entry: Entry): LikelyFailure[] {
  return RULES.filter(
    ({ archetype, when }) => when(entry) && SHIPPED.some(({ key }) => key === `${archetype}.${entry.type}`),
  )
    .slice(0, PROPOSED)
    .map(({ archetype, why }) => ({ archetype, why }));
}
