import type { Preview } from '@firebreak/contract/respond/containment';
import type { PartName } from '@firebreak/core/respond/recommendation';
import type { Tone } from '../../ui/Marks.tsx';

const number = (n: number): string => n.toLocaleString('en');
const count = (n: number, one: string, many: string): string => `${number(n)} ${n === 1 ? one : many}`;
const percent = (part: number, whole: number): string => {
  const share = (part / whole) * 100;
  return share > 0 && share < 1 ? 'under 1 %' : `${Math.round(share)} %`;
};

type Said = Pick<Preview, 'live' | 'instances' | 'lastHour' | 'unable' | 'reach'>;

/** Reach in sentences: who will obey, and how much traffic it meets. Nothing recorded is not the same as nothing there. */
export function previewWords(preview: Said, system: string): { title: string; detail: string; tone: Tone } {
  const silent = preview.instances.length - preview.live;
  const unable = preview.unable.length;
  const who =
    preview.live === 0
      ? `No live guard of ${system}: nothing will obey until one connects`
      : `${count(preview.live - unable, 'live instance', 'live instances')} will obey${unable > 0 ? `; ${number(unable)} cannot` : ''}${silent > 0 ? `; ${count(silent, 'is silent', 'are silent')} and obeys on its return` : ''}`;
  const tone = preview.live === 0 || unable > 0 ? 'amber' : 'blue';
  return { title: `${who}.`, detail: trafficWords(preview), tone };
}

function sparedWords(lastHour: NonNullable<Preview['lastHour']>): string {
  const spared = lastHour
    .filter((each) => !each.touched && each.requests > 0)
    .map((each) => each.feature ?? 'requests without a feature');
  if (spared.length === 0) return '';
  const more = spared.length > 3 ? ` and ${spared.length - 3} more` : '';
  return ` ${spared.slice(0, 3).join(', ')}${more} ${spared.length === 1 ? 'goes' : 'go'} on.`;
}

function trafficWords({ lastHour, reach }: Said): string {
  if (lastHour === null || reach === null) return 'No traffic of this system is recorded, so the reach is unknown.';
  const { requests, touched, unsaid, benign, people, nameless, sampled, perMinute } = reach;
  if (requests === 0) return 'No request was recorded in the last hour.';
  const share = touched === requests ? '' : `, ${percent(touched, requests)}`;
  const about = sampled ? 'about ' : '';
  const met = `It would have met ${about}${number(touched)} of ${count(requests, 'request', 'requests')} of the last hour${share}${perMinute >= 1 ? `: ${number(Math.round(perMinute))} a minute` : ''}.`;
  const whom =
    touched > 0 && people > 0
      ? ` ${sampled ? 'At least ' : ''}${count(people, 'person', 'people')}${nameless > 0 ? `, and ${count(nameless, 'request that names', 'requests that name')} nobody` : ''}.`
      : '';
  const good =
    touched > 0
      ? ` ${benign === 0 ? 'All of them had a signal.' : benign === touched ? 'None of them had a signal.' : `${number(touched - benign)} of them had a signal; the rest looked benign.`}`
      : '';
  const open =
    unsaid > 0
      ? ` For ${number(unsaid)} more nobody can say: records leave out what it asks for, so guards decide by what they are told.`
      : '';
  return `${met}${whom}${good}${open}${sparedWords(lastHour)}`;
}

const PART_WORDS: Readonly<Record<PartName, string>> = {
  feature: 'feature',
  country: 'country',
  tool: 'tool called',
  index: 'index',
  agent: 'agent',
  model: 'model',
  prompt: 'prompt version',
  provider: 'vendor',
};

/** `By country: DE 30 of 30, FR 0 of 12`, for each thing the control is about. */
export function partLines({ parts }: Pick<NonNullable<Preview['reach']>, 'parts'>): { by: string; says: string }[] {
  return (Object.entries(parts) as [PartName, NonNullable<(typeof parts)[PartName]>][]).map(([part, rows]) => ({
    by: PART_WORDS[part],
    says: rows
      .map(({ name, requests, touched }) => `${name ?? 'not captured'} ${number(touched)} of ${number(requests)}`)
      .join(', '),
  }));
}

const HOW = { needs: 'relies on it', fed: 'is fed by it', shares: 'uses the same' } as const;

/** `shop relies on it, through app`. */
export const aroundLine = ({ name, how, via }: Preview['around']['nodes'][number]): string =>
  `${name} ${HOW[how]}${via === '' || how === 'shares' ? '' : `, through ${via.slice(via.indexOf(':') + 1)}`}`;

/** What a pattern found among stored requests. */
export function dryRunWords({ tried, hits, benign, tookMs }: NonNullable<Preview['words']>): string {
  if (tried === 0) return 'No words are kept, so it could not be tried.';
  const time = tookMs < 1 ? 'under 1 ms' : `${Math.round(tookMs)} ms`;
  return `Tried on ${count(tried, 'stored request', 'stored requests')} in ${time}: ${count(hits, 'hit', 'hits')}${hits > 0 ? `, ${number(benign)} of which looked benign` : ''}.`;
}

/** `HLD-3 of INC-12, HLD-5 of INC-15`. */
export const othersWords = (others: Preview['others']): string =>
  `${others
    .slice(0, 5)
    .map(({ label, incidentLabel }) => `${label} of ${incidentLabel}`)
    .join(', ')}${others.length > 5 ? ` and ${others.length - 5} more` : ''}`;
