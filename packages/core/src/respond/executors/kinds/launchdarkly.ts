import {
  at,
  BASE,
  type Doing,
  HELD,
  type Kind,
  objectIn,
  PART,
  partOf,
  sayTwoSides,
  troubleOf,
  twoSides,
  unreadable,
  wantedOn,
} from './kind.ts';

const flagAt = ({ settings: { url, project, flag } }: Doing): string => at(url!, 'api', 'v2', 'flags', project!, flag!);
const headers = ({ secret }: Doing) => ({ authorization: secret ?? '', 'ld-api-version': '20240415' });

/** The targeting of a LaunchDarkly flag in one environment: off serves the off variation to everybody. */
export const launchdarkly: Kind = {
  title: 'LaunchDarkly',
  api: 'REST API v2, version 20240415, semantic patch',
  fields: [
    { ...BASE, hint: 'EU and federal accounts have another', otherwise: 'https://app.launchdarkly.com' },
    { name: 'project', label: 'Project', hint: 'Its key', otherwise: 'default', fits: PART },
    { name: 'environment', label: 'Environment', hint: 'Its key', otherwise: 'production', fits: PART },
    { name: 'flag', label: 'Flag', hint: 'Its key', fits: PART },
    HELD,
  ],
  secret: { label: 'Access token with writer role', needed: true },
  keeps: true,
  patience: () => 30,
  says: (settings, way) => sayTwoSides(settings.flag!, settings, way, settings.environment),
  look: (doing) => ({
    method: 'GET',
    url: `${flagAt(doing)}?env=${encodeURIComponent(doing.settings.environment!)}`,
    headers: headers(doing),
  }),
  saw({ settings: { flag, environment } }, answer) {
    const trouble = troubleOf(answer, `flag ${flag} in this project`);
    if (trouble !== null) return trouble;
    const environments = objectIn(answer.body)?.environments;
    if (environments === undefined) return unreadable('a flag of LaunchDarkly');
    const { on } = partOf(partOf(environments)[environment!]);
    if (typeof on !== 'boolean') return { trouble: `the flag has no environment ${environment}`, final: true };
    return { value: { on }, says: `targeting of flag ${flag} is ${on ? 'on' : 'off'} in ${environment}` };
  },
  stands: twoSides,
  change: (doing) => [
    {
      method: 'PATCH',
      // A change that somebody had scheduled, or waits for an approval, keeps nobody from holding: without this it answers 400.
      url: `${flagAt(doing)}${doing.way === 'hold' ? '?ignoreConflicts=true' : ''}`,
      headers: { ...headers(doing), 'content-type': 'application/json; domain-model=launchdarkly.semanticpatch' },
      body: JSON.stringify({
        environmentKey: doing.settings.environment,
        comment: `Firebreak ${doing.about.label}: ${doing.way === 'hold' ? 'held' : 'let go'}`,
        instructions: [{ kind: wantedOn(doing) ? 'turnFlagOn' : 'turnFlagOff' }],
      }),
    },
  ],
  changed(_doing, { status }) {
    if (status !== 405) return undefined;
    const trouble = 'changes in this environment have to be approved in LaunchDarkly (405); let the token bypass it';
    return { stands: { trouble, final: true }, says: trouble };
  },
};
