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

const statesAt = ({ settings: { url, environment } }: Doing): string =>
  at(url!, 'api', 'v1', 'environments', environment!, 'featurestates');
const headers = ({ secret, settings }: Doing) => ({
  authorization: `${settings.token === 'user' ? 'Token' : 'Api-Key'} ${secret ?? ''}`,
  'content-type': 'application/json',
});

/** A value as Flagsmith takes it: it hands out the bare one. */
function asGiven(said: unknown): object {
  if (typeof said === 'boolean') return { type: 'bool', boolean_value: said };
  if (typeof said === 'number') return { type: 'int', integer_value: said };
  return { type: 'unicode', string_value: said ?? null };
}

/** The state of a Flagsmith feature in one environment. Segment overrides and identities are left alone. */
export const flagsmith: Kind = {
  title: 'Flagsmith',
  api: 'Admin API v1, feature states of an environment, or a new version where features have versions',
  fields: [
    { ...BASE, hint: 'Where its API runs, without /api', otherwise: 'https://api.flagsmith.com' },
    { name: 'environment', label: 'Environment', hint: 'Its client-side key', fits: PART },
    { name: 'flag', label: 'Feature', hint: 'Its name', fits: PART },
    {
      name: 'token',
      label: 'The secret is',
      hint: 'An API key of the organisation, or the token of a user',
      otherwise: 'organisation',
      options: ['organisation', 'user'],
    },
    HELD,
  ],
  secret: { label: 'API key', needed: true },
  keeps: true,
  patience: () => 30,
  says: (settings, way) => sayTwoSides(settings.flag!, settings, way),
  look: (doing) => ({
    method: 'GET',
    url: `${statesAt(doing)}/?feature_name=${encodeURIComponent(doing.settings.flag!)}`,
    headers: headers(doing),
  }),
  saw({ settings: { flag } }, answer) {
    const trouble = troubleOf(answer, 'environment with this key');
    if (trouble !== null) return trouble;
    const results = objectIn(answer.body)?.results;
    if (!Array.isArray(results)) return unreadable('feature states of Flagsmith');
    const first = partOf(results[0]);
    if (typeof first.id !== 'number' || typeof first.enabled !== 'boolean')
      return { trouble: `this environment has no feature ${flag}`, final: true };
    const versioned = first.environment_feature_version;
    const { environment, feature, feature_state_value: holds } = first;
    if (versioned != null && (typeof environment !== 'number' || typeof feature !== 'number'))
      return unreadable('feature states of Flagsmith');
    return {
      value: { on: first.enabled, state: first.id },
      says: `feature ${flag} is ${first.enabled ? 'on' : 'off'}`,
      ...(versioned == null
        ? {}
        : {
            beside: { environment, feature, holds: holds ?? null } as Record<string, string | number | boolean | null>,
          }),
    };
  },
  stands: twoSides,
  change(doing, saw) {
    const beside = saw?.beside;
    if (beside === undefined)
      return [
        {
          method: 'PATCH',
          url: `${at(statesAt(doing), String(saw?.value.state))}/`,
          headers: headers(doing),
          body: JSON.stringify({ enabled: wantedOn(doing) }),
        },
      ];
    // A state that belongs to a version is not written to: a new version takes its place, with the value it had.
    const { environment, feature, holds } = beside;
    const features = at(doing.settings.url!, 'api', 'v1', 'environments', String(environment), 'features');
    return [
      {
        method: 'POST',
        url: `${at(features, String(feature), 'versions')}/`,
        headers: headers(doing),
        body: JSON.stringify({
          publish_immediately: true,
          feature_states_to_update: [
            { feature_segment: null, enabled: wantedOn(doing), feature_state_value: asGiven(holds) },
          ],
        }),
      },
    ];
  },
  may: (doing) => ({
    method: 'GET',
    url: `${at(doing.settings.url!, 'api', 'v1', 'environments', doing.settings.environment!, 'my-permissions')}/`,
    headers: headers(doing),
  }),
  mayChange(_doing, { status, body }: Answer) {
    const said = objectIn(body);
    if (status !== 200 || said === null) return null;
    return (
      said.admin === true || (Array.isArray(said.permissions) && said.permissions.includes('UPDATE_FEATURE_STATE'))
    );
  },
};
