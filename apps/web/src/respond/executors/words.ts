import type { Executor, ExecutorOrder } from '@firebreak/contract/respond/executors';
import type { Tone } from '../../ui/Marks.tsx';

/** How far an executor is known to work: a word, and its colour. */
export function proofWords({ proof, retired }: Pick<Executor, 'proof' | 'retired'>): { word: string; tone: Tone } {
  if (retired !== null) return { word: 'retired', tone: 'plain' };
  if (proof === 'proven') return { word: 'proven', tone: 'moss' };
  return proof === 'failing' ? { word: 'fails', tone: 'ember' } : { word: 'not proven', tone: 'amber' };
}

/** Where an order stands: a word, and its colour. */
export function orderWords({ state, way }: Pick<ExecutorOrder, 'state' | 'way'>): { word: string; tone: Tone } {
  switch (state) {
    case 'ordered':
      return { word: 'ordered', tone: 'amber' };
    case 'under-way':
      return { word: 'under way', tone: 'amber' };
    case 'confirmed':
      return { word: way === 'hold' ? 'confirmed' : 'set back', tone: 'moss' };
    case 'failed':
      return { word: 'failed, tried again', tone: 'amber' };
    case 'given-up':
      return { word: 'failed', tone: 'ember' };
    case 'stayed':
      return { word: 'stays held', tone: 'blue' };
    case 'overtaken':
      return { word: 'not needed any more', tone: 'plain' };
  }
}

/** Who was told that an order was given up; null: nobody had to be. */
export function toldWords({ escalated, state }: Pick<ExecutorOrder, 'escalated' | 'state'>): string | null {
  if (state !== 'given-up') return null;
  if (escalated === null) return 'Whoever is paged is being told.';
  const { to, owner } = escalated;
  const names = to.map(({ name }) => name).join(', ');
  const answers = owner === '' ? '' : ` ${owner} answers for the system.`;
  return to.length === 0 ? `Nobody was told: no paging channel is set up.${answers}` : `Told to ${names}.${answers}`;
}

const MAY = { yes: 'its secret may change it', no: 'its secret may not change it', unsaid: '' } as const;
/** What the last rehearsal saw. */
export function rehearsedWords({ says, may }: NonNullable<Executor['rehearsed']>): string {
  return [says, MAY[may]].filter((part) => part !== '').join('; ');
}
