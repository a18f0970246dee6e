import {
  at,
  type DeliveredChange,
  type Delivery,
  firstLine,
  isMembers,
  kindOfPaths,
  list,
  moment,
  pathsOf,
  shortSha,
  webLink,
  word,
} from './delivery.ts';

/**
 * A webhook of GitLab, by its `object_kind`. Taken: a push to the default branch, a new tag, a new release, a deployment
 * or a pipeline on the default branch that succeeded. Source: GitLab Docs, Webhook events.
 */
export function readGitlab(payload: unknown): Delivery {
  if (!isMembers(payload)) return { unreadable: 'the body is not a JSON object' };
  const kind = word(payload.object_kind);
  if (kind === null) return { unreadable: '/object_kind is missing' };
  const project = word(at(payload, 'project', 'path_with_namespace'));
  if (project === null) return { unreadable: '/project/path_with_namespace is missing' };
  switch (kind) {
    case 'push':
    case 'tag_push':
      return push(project, kind, payload);
    case 'release':
      return release(project, payload);
    case 'deployment':
      return deployment(project, payload);
    case 'pipeline':
      return pipeline(project, payload);
    default:
      return { ignored: `“${kind}” changes nothing that runs` };
  }
}

const one = (
  change: Pick<DeliveredChange, 'key' | 'kind' | 'subject' | 'to'> & Partial<DeliveredChange>,
): Delivery => ({
  changes: [{ from: null, text: null, note: '', link: '', occurredAt: null, live: false, ...change }],
});

function push(project: string, kind: 'push' | 'tag_push', payload: unknown): Delivery {
  const ref = word(at(payload, 'ref'));
  const to = shortSha(at(payload, 'after'));
  if (ref === null) return { unreadable: '/ref is missing' };
  if (to === null) return { ignored: `${ref} was deleted` };
  if (kind === 'tag_push')
    return one({
      key: `gitlab:${project}:tag:${ref}`,
      kind: 'deploy',
      subject: project,
      to: ref.replace('refs/tags/', ''),
    });
  const branch = word(at(payload, 'project', 'default_branch'));
  if (branch !== null && ref !== `refs/heads/${branch}`) return { ignored: `${ref} is not the default branch` };
  const commits = at(payload, 'commits');
  const last = list(commits, 1_000).at(-1);
  const touched = kindOfPaths(pathsOf(commits));
  return one({
    key: `gitlab:${project}:push:${to}`,
    kind: touched.kind,
    subject: touched.path ?? project,
    from: shortSha(at(payload, 'before')),
    to,
    note: firstLine(at(last, 'message')),
    link: webLink(at(last, 'url')),
    occurredAt: moment(at(last, 'timestamp')),
  });
}

function release(project: string, payload: unknown): Delivery {
  if (at(payload, 'action') !== 'create') return { ignored: 'the release is not new' };
  const tag = word(at(payload, 'tag'));
  if (tag === null) return { unreadable: '/tag is missing' };
  return one({
    key: `gitlab:${project}:release:${tag}`,
    kind: 'deploy',
    subject: project,
    to: tag,
    note: firstLine(at(payload, 'name')),
    link: webLink(at(payload, 'url')),
    occurredAt: moment(at(payload, 'released_at')),
  });
}

function deployment(project: string, payload: unknown): Delivery {
  const status = word(at(payload, 'status'));
  if (status !== 'success') return { ignored: `the deployment is “${status ?? 'unknown'}”` };
  const to = shortSha(at(payload, 'short_sha'));
  if (to === null) return { unreadable: '/short_sha is missing' };
  const environment = word(at(payload, 'environment'));
  return one({
    key: `gitlab:${project}:deployment:${word(at(payload, 'deployment_id')) ?? to}`,
    kind: 'deploy',
    subject: environment === null ? project : `${project} on ${environment}`.slice(0, 200),
    to,
    note: firstLine(at(payload, 'commit_title')),
    link: webLink(at(payload, 'deployable_url')),
    occurredAt: moment(at(payload, 'status_changed_at')),
  });
}

function pipeline(project: string, payload: unknown): Delivery {
  const run = at(payload, 'object_attributes');
  if (!isMembers(run)) return { unreadable: '/object_attributes is missing' };
  if (run.status !== 'success') return { ignored: 'the pipeline has not succeeded' };
  const branch = word(at(payload, 'project', 'default_branch'));
  if (branch !== null && word(run.ref) !== branch) return { ignored: 'the pipeline ran on another branch' };
  const to = shortSha(run.sha);
  if (to === null) return { unreadable: '/object_attributes/sha is missing' };
  return one({
    key: `gitlab:${project}:pipeline:${word(run.id) ?? to}`,
    kind: 'deploy',
    subject: project,
    to,
    note: firstLine(at(payload, 'commit', 'title')),
    link: webLink(run.url),
    occurredAt: moment(run.finished_at),
  });
}
