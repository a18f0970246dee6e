import type { Doing, Kind, Stands } from './kind.ts';
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

const wanted = ({ settings, way, was }: Doing): number | null =>
  way === 'hold' ? Number(settings.replicas) : was === null ? null : Number(was.replicas);

/** How many replicas of a Deployment run. An autoscaler that watches it may scale it again; suspend it, or set its bounds. */
export const kubernetesScale: Kind = {
  title: 'Kubernetes: scale',
  api: API,
  fields: [
    ...WHERE,
    {
      name: 'replicas',
      label: 'Replicas while held',
      hint: '0 stops it; letting go sets back what it was',
      otherwise: '0',
      fits: /^\d{1,4}$/,
    },
  ],
  secret: SECRET,
  keeps: true,
  patience: () => 180,
  says: (settings, way) =>
    way === 'hold'
      ? `scale ${settings.deployment} to ${settings.replicas}`
      : `scale ${settings.deployment} back to what it was`,
  look: (doing) => ({ method: 'GET', url: `${deploymentAt(doing)}/scale`, headers: headers(doing) }),
  saw({ settings: { deployment, namespace } }, answer) {
    const trouble = troubleOf(answer, `Deployment ${deployment} in ${namespace}`);
    if (trouble !== null) return trouble;
    const scale = objectIn(answer.body);
    if (scale?.kind !== 'Scale') return unreadable('a Scale of Kubernetes');
    // Zero is left out of what the API server answers.
    const replicas = Number(partOf(scale.spec).replicas ?? 0);
    const running = Number(partOf(scale.status).replicas ?? 0);
    return {
      value: { replicas, running },
      says: `deployment ${deployment} is set to ${replicas} replicas, ${running} run`,
    };
  },
  stands(doing, { value }): Stands {
    const want = wanted(doing);
    if (want === null) return 'there';
    if (value.replicas !== want) return 'elsewhere';
    return value.running === want ? 'there' : 'under-way';
  },
  change: (doing) => [
    {
      method: 'PATCH',
      url: `${deploymentAt(doing)}/scale`,
      headers: patching(doing),
      body: JSON.stringify({ spec: { replicas: wanted(doing) } }),
    },
  ],
  may: (doing) => asksAccess(doing, 'scale'),
  mayChange: (_doing, { body }) => allowedBy(body),
};
