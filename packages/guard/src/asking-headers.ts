import type { Asking } from '@firebreak/core/respond/containment';

/** Headers by which a request says what it is about. They stay between the application and its guard or gateway. */
export const ASKING_HEADERS = {
  feature: 'x-firebreak-feature',
  country: 'x-firebreak-country',
  subject: 'x-firebreak-user',
  authenticated: 'x-firebreak-authenticated',
  prompt: 'x-firebreak-prompt',
  provider: 'x-firebreak-provider',
  agent: 'x-firebreak-agent',
  credential: 'x-firebreak-credential',
  tool: 'x-firebreak-tool',
  index: 'x-firebreak-index',
  trigger: 'x-firebreak-trigger',
} as const;
export const SYSTEM_HEADER = 'x-firebreak-system';
export const FIREBREAK_HEADER_NAMES: ReadonlySet<string> = new Set([SYSTEM_HEADER, ...Object.values(ASKING_HEADERS)]);

/** What the headers say; a missing or empty one says nothing. `authenticated` is true only for `true` and `1`. */
export function askingFrom(header: (name: string) => string | null | undefined): Asking {
  const said = (name: string) => header(name) || undefined;
  const authenticated = said(ASKING_HEADERS.authenticated)?.toLowerCase();
  return {
    feature: said(ASKING_HEADERS.feature),
    country: said(ASKING_HEADERS.country),
    subject: said(ASKING_HEADERS.subject),
    prompt: said(ASKING_HEADERS.prompt),
    provider: said(ASKING_HEADERS.provider),
    agent: said(ASKING_HEADERS.agent),
    credential: said(ASKING_HEADERS.credential),
    tool: said(ASKING_HEADERS.tool),
    index: said(ASKING_HEADERS.index),
    trigger: said(ASKING_HEADERS.trigger),
    authenticated: authenticated === undefined ? undefined : authenticated === 'true' || authenticated === '1',
  };
}
