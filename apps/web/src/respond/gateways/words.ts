import type { GatewayRow, GatewayUpstream } from '@firebreak/contract/respond/gateways';

type Route = GatewayRow['routes'][number];

/** How an upstream is, in a word or two. */
export function healthWords({ state, outForMs, failures }: Pick<GatewayUpstream, 'state' | 'outForMs' | 'failures'>) {
  if (state === 'out') return `left out for ${Math.max(1, Math.ceil(outForMs / 1_000))} s`;
  if (state === 'half-open') return 'asked once to find out';
  return failures === 0 ? 'well' : `well, ${failures} failed just now`;
}

export const clientWords = (clients: Route['clients']): string =>
  clients === 'known' ? 'needs a key of the gateway' : 'open to whoever reaches it';

const RECORD_WORDS: Readonly<Record<Route['record'], string>> = {
  all: 'recorded',
  figures: 'recorded without words',
  nothing: 'not recorded',
};
export const recordWords = (record: Route['record']): string => RECORD_WORDS[record];

export const sourceWords = (source: string): string =>
  source === 'environment' || source === 'options' ? 'set up by the environment' : `set up by ${source}`;
