import {
  type Answer,
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

const flagAt = ({ settings: { url, project, flag } }: Doing): string =>
  at(url!, 'api', 'admin', 'projects', project!, 'features', flag!);
const headers = ({ secret }: Doing) => ({ authorization: secret ?? '', accept: 'application/json' });

/** A flag of Unleash, in one environment. Strategies and segments of the flag are left alone. */
export const unleash: Kind = {
  title: 'Unleash',
  api: 'Admin API of Unleash 7 (/api/admin)',
  fields: [
    { ...BASE, hint: 'Where Unleash runs, without /api: https://unleash.example.com' },
    { name: 'project', label: 'Project', hint: 'Its id', otherwise: 'default', fits: PART },
    { name: 'environment', label: 'Environment', hint: 'As Unleash spells it', otherwise: 'production', fits: PART },
    { name: 'flag', label: 'Flag', hint: 'The name of the feature flag', fits: PART },
    HELD,
  ],
  secret: { label: 'Token of a service account or person', needed: true },
  keeps: true,
  patience: () => 30,
  says: (settings, way) => sayTwoSides(settings.flag!, settings, way, settings.environment),
  look: (doing) => ({ method: 'GET', url: flagAt(doing), headers: headers(doing) }),
  saw({ settings: { flag, environment } }, answer) {
    const trouble = troubleOf(answer, `flag ${flag} in this project`);
    if (trouble !== null) return trouble;
    const environments = objectIn(answer.body)?.environments;
    if (!Array.isArray(environments)) return unreadable('a flag of Unleash');
    const here = environments.map(partOf).find(({ name }) => name === environment);
    if (typeof here?.enabled !== 'boolean')
      return { trouble: `the flag has no environment ${environment}`, final: true };
    return {
      value: { on: here.enabled },
      says: `flag ${flag} is ${here.enabled ? 'on' : 'off'} in ${environment}`,
    };
  },
  stands: twoSides,
  change: (doing) => [
    {
      method: 'POST',
      url: `${flagAt(doing)}/environments/${encodeURIComponent(doing.settings.environment!)}/${wantedOn(doing) ? 'on' : 'off'}`,
      headers: headers(doing),
    },
  ],
  // Who the token belongs to, and everything that person or account may do.
  may: (doing) => ({ method: 'GET', url: at(doing.settings.url!, 'api', 'admin', 'user'), headers: headers(doing) }),
  mayChange({ settings: { project, environment } }, { status, body }: Answer) {
    const permissions = objectIn(body)?.permissions;
    if (status !== 200 || !Array.isArray(permissions)) return null;
    const within = (said: unknown, here: string | undefined): boolean =>
      said === undefined || said === null || said === '' || said === '*' || said === here;
    return permissions
      .map(partOf)
      .some(
        (it) =>
          it.permission === 'ADMIN' ||
          (it.permission === 'UPDATE_FEATURE_ENVIRONMENT' &&
            within(it.project, project) &&
            within(it.environment, environment)),
      );
  },
};
