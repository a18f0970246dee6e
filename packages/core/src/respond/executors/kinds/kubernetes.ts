import { at, BASE, type Doing, type Field, objectIn, PART, partOf, troubleOf, unreadable } from './kind.ts';

export const WHERE: readonly Field[] = [
  { ...BASE, hint: 'Of the API server: https://10.0.0.1:6443' },
  { name: 'namespace', label: 'Namespace', hint: 'Where it runs', otherwise: 'default', fits: PART },
  { name: 'deployment', label: 'Deployment', hint: 'Its name', fits: PART },
  {
    name: 'ca',
    label: 'Certificate of the cluster',
    hint: 'PEM, where the API server is signed by the cluster itself',
    otherwise: '',
    fits: /^-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----\s*$/,
    most: 20_000,
    long: true,
  },
];
export const API = 'Kubernetes API apps/v1, merge patch (RFC 7386)';
export const SECRET = { label: 'Token of a service account', needed: true };
export const headers = ({ secret }: Doing) => ({ authorization: `Bearer ${secret ?? ''}`, accept: 'application/json' });
export const patching = (doing: Doing) => ({ ...headers(doing), 'content-type': 'application/merge-patch+json' });
export const deploymentAt = ({ settings: { url, namespace, deployment } }: Doing): string =>
  at(url!, 'apis', 'apps', 'v1', 'namespaces', namespace!, 'deployments', deployment!);

/** Whether the token may patch, as a SelfSubjectAccessReview says: it is asked for and kept nowhere. */
export const asksAccess = (doing: Doing, subresource: string) => ({
  method: 'POST' as const,
  url: at(doing.settings.url!, 'apis', 'authorization.k8s.io', 'v1', 'selfsubjectaccessreviews'),
  headers: { ...headers(doing), 'content-type': 'application/json' },
  body: JSON.stringify({
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: {
      resourceAttributes: {
        group: 'apps',
        resource: 'deployments',
        subresource,
        verb: 'patch',
        namespace: doing.settings.namespace,
        name: doing.settings.deployment,
      },
    },
  }),
});
export function allowedBy(body: string): boolean | null {
  const { allowed } = partOf(objectIn(body)?.status);
  return typeof allowed === 'boolean' ? allowed : null;
}

export { objectIn, partOf, troubleOf, unreadable };
