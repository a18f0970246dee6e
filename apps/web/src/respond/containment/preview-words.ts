import type { Preview } from '@firebreak/contract/respond/containment';
import type { Tone } from '../../ui/Marks.tsx';

const count = (n: number, one: string, many: string): string => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

/** Reach in two sentences: who will obey, and how much traffic it meets. Nothing recorded is not the same as nothing there. */
export function previewWords(
  preview: Pick<Preview, 'live' | 'instances' | 'lastHour'>,
  system: string,
): { title: string; detail: string; tone: Tone } {
  const silent = preview.instances.length - preview.live;
  const who =
    preview.live === 0
      ? `No live guard of ${system}: nothing will obey until one connects`
      : `${count(preview.live, 'live instance', 'live instances')} will obey${silent > 0 ? `; ${count(silent, 'is silent', 'are silent')} and obeys on its return` : ''}`;
  return { title: `${who}.`, detail: trafficWords(preview.lastHour), tone: preview.live === 0 ? 'amber' : 'blue' };
}

function trafficWords(lastHour: Preview['lastHour']): string {
  if (lastHour === null) return 'No traffic of this system is recorded, so the reach is unknown.';
  const all = lastHour.reduce((sum, each) => sum + each.requests, 0);
  const touched = lastHour.filter((each) => each.touched).reduce((sum, each) => sum + each.requests, 0);
  if (all === 0) return 'No request was recorded in the last hour.';
  const spared = lastHour
    .filter((each) => !each.touched && each.requests > 0)
    .map((each) => each.feature ?? 'requests without a feature');
  const rest =
    spared.length === 0
      ? ''
      : ` ${spared.slice(0, 3).join(', ')}${spared.length > 3 ? ` and ${spared.length - 3} more` : ''} ${spared.length === 1 ? 'goes' : 'go'} on.`;
  return `It would have met ${touched.toLocaleString('en')} of ${count(all, 'request', 'requests')} of the last hour.${rest}`;
}
