import type { Doing, Kind } from './kind.ts';
import {
  API,
  allowedBy,
  asksAccess,
  deploymentAt,
  headers,
  objectIn,
  partOf,
  patching,
  SECRET,
  troubleOf,
  unreadable,
  WHERE,
} from './kubernetes.ts';

const wanted = ({ settings, way, was }: Doing): string | null | undefined =>
  way === 'hold' ? settings.value! : was === null ? undefined : ((was.value as string | null) ?? null);

/** One annotation of a Deployment, for operators and meshes that listen to it. */
export const kubernetesAnnotate: Kind = {
  title: 'Kubernetes: annotate',
  api: API,
  fields: [
    ...WHERE,
    {
      name: 'annotation',
      label: 'Annotation',
      hint: 'example.com/held',
      fits: /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/,
    },
    { name: 'value', label: 'Its value while held', hint: 'Letting go sets back what it was', otherwise: 'true' },
  ],
  secret: SECRET,
  keeps: true,
  patience: () => 30,
  says: (settings, way) =>
    way === 'hold'
      ? `annotate ${settings.deployment} with ${settings.annotation}=${settings.value}`
      : `set ${settings.annotation} of ${settings.deployment} back to what it was`,
  look: (doing) => ({ method: 'GET', url: deploymentAt(doing), headers: headers(doing) }),
  saw({ settings: { deployment, namespace, annotation } }, answer) {
    const trouble = troubleOf(answer, `Deployment ${deployment} in ${namespace}`);
    if (trouble !== null) return trouble;
    const read = objectIn(answer.body);
    if (read?.kind !== 'Deployment') return unreadable('a Deployment of Kubernetes');
    const found = partOf(partOf(read.metadata).annotations)[annotation!];
    const value = typeof found === 'string' ? found : null;
    return {
      value: { value },
      says:
        value === null
          ? `deployment ${deployment} has no ${annotation}`
          : `annotation ${annotation} of ${deployment} is ${value}`,
    };
  },
  stands(doing, { value }) {
    const want = wanted(doing);
    return want === undefined || value.value === want ? 'there' : 'elsewhere';
  },
  change: (doing) => [
    {
      method: 'PATCH',
      url: deploymentAt(doing),
      headers: patching(doing),
      body: JSON.stringify({ metadata: { annotations: { [doing.settings.annotation!]: wanted(doing) ?? null } } }),
    },
  ],
  may: (doing) => asksAccess(doing, ''),
  mayChange: (_doing, { body }) => allowedBy(body),
};
