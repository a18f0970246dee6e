import type { CandidateFact } from './facts.ts';

const many = (count: number, one: string): string => (count === 1 ? `one ${one}` : `${count} ${one}s`);

/** One fact as a sentence for people. */
export function sayCandidateFact(fact: CandidateFact): string {
  switch (fact.type) {
    case 'candidate.opened':
      return fact.data.splitFrom === null
        ? `Opened with ${many(fact.data.summary.count, 'signal')}`
        : `Split off with ${many(fact.data.summary.count, 'signal')}: ${fact.data.reasons[0] ?? ''}`;
    case 'candidate.joined':
      return `${many(fact.data.added.count, 'signal')} joined: ${fact.data.reasons[0] ?? 'alike'}`;
    case 'candidate.cohered':
      return `Coherent: ${fact.data.because}`;
    case 'candidate.merged':
      return `Merged into ${fact.data.into}: ${fact.data.reason}`;
    case 'candidate.absorbed':
      return `Took over ${many(fact.data.added.count, 'signal')} of ${fact.data.from}: ${fact.data.reason}`;
    case 'candidate.split':
      return `${many(fact.data.signals.length, 'signal')} left for ${fact.data.into}: ${fact.data.reason}`;
    case 'candidate.dismissed':
      return `Dismissed as ${fact.data.as}: ${fact.data.reason}`;
    case 'candidate.promoted':
      return `${fact.data.kind === 'near-miss' ? 'Filed as near miss' : 'Became incident'} ${fact.data.incident}`;
  }
}
