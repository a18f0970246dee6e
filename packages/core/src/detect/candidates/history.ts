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
    case 'candidate.paged':
      return `Paged as Sev ${fact.data.severity}: ${fact.data.because}`;
    case 'candidate.told':
      return fact.data.to.length === 0
        ? 'Nobody could be told: no channel is subscribed'
        : `Telling ${fact.data.to.map(({ name }) => name).join(', ')}`;
    case 'candidate.handed':
      return fact.data.taken
        ? `A channel took the page: ${fact.data.says}`
        : `A channel never took the page: ${fact.data.says}`;
    case 'candidate.acknowledged':
      return 'Somebody looks at it';
    case 'candidate.unmerged':
      return `Parted from ${fact.data.from} again: ${fact.data.reason}`;
    case 'candidate.released':
      return `${fact.data.into} stands for itself again: ${fact.data.reason}`;
    case 'candidate.parent-proposed':
      return `May follow from ${fact.data.parent}: ${fact.data.because}`;
    case 'candidate.parent-decided':
      return `${fact.data.accepted ? 'Follows' : 'Does not follow'} from ${fact.data.parent}: ${fact.data.reason}`;
    case 'candidate.reported-late':
      return `${many(fact.data.added.count, 'late report')}: ${fact.data.reasons[0] ?? 'alike'}`;
    case 'candidate.late-decided':
      return `Late reports: ${fact.data.as}: ${fact.data.reason}`;
    case 'candidate.incident-moved':
      return `Its incident is ${fact.data.to}${fact.data.to === 'open' ? ' again' : ''}`;
    case 'candidate.closed':
      return 'Its incident was closed';
  }
}
