import {
  at,
  type Delivery,
  firstLine,
  isMembers,
  kindOfPaths,
  moment,
  pathsOf,
  shortSha,
  webLink,
  word,
} from './delivery.ts';

/**
 * A webhook of GitHub, by the event its `X-GitHub-Event` header names. Taken: a push to the default branch, a published
 * release, a deployment that succeeded, a workflow on the default branch that succeeded. Source: GitHub Docs, Webhook
 * events and payloads.
 */
export function readGithub(event: string | null, payload: unknown): Delivery {
  if (!isMembers(payload)) return { unreadable: 'the body is not a JSON object' };
  if (event === null) return { unreadable: 'the header X-GitHub-Event is missing' };
  if (event === 'ping') return { ignored: 'a ping: the address works' };
  const repository = word(at(payload, 'repository', 'full_name'));
  if (repository === null) return { unreadable: '/repository/full_name is missing' };
  switch (event) {
    case 'push':
      return push(repository, payload);
    case 'release':
      return release(repository, payload);
    case 'deployment_status':
      return deployment(repository, payload);
    case 'workflow_run':
      return workflow(repository, payload);
    default:
      return { ignored: `the event “${event.slice(0, 60)}” changes nothing that runs` };
  }
}

function push(repository: string, payload: unknown): Delivery {
  const ref = word(at(payload, 'ref'));
  const branch = word(at(payload, 'repository', 'default_branch'));
  const to = shortSha(at(payload, 'after'));
  if (ref === null) return { unreadable: '/ref is missing' };
  if (branch !== null && ref !== `refs/heads/${branch}`) return { ignored: `${ref} is not the default branch` };
  if (to === null) return { ignored: 'the branch was deleted' };
  const { kind, path } = kindOfPaths(pathsOf(at(payload, 'commits')));
  return {
    changes: [
      {
        key: `github:${repository}:push:${to}`,
        kind,
        subject: path ?? repository,
        from: shortSha(at(payload, 'before')),
        to,
        text: null,
        note: firstLine(at(payload, 'head_commit', 'message')),
        link: webLink(at(payload, 'compare')),
        occurredAt: moment(at(payload, 'head_commit', 'timestamp')),
        live: false,
      },
    ],
  };
}

function release(repository: string, payload: unknown): Delivery {
  if (at(payload, 'action') !== 'published') return { ignored: 'the release is not published' };
  const tag = word(at(payload, 'release', 'tag_name'));
  if (tag === null) return { unreadable: '/release/tag_name is missing' };
  return {
    changes: [
      {
        key: `github:${repository}:release:${tag}`,
        kind: 'deploy',
        subject: repository,
        from: null,
        to: tag,
        text: null,
        note: firstLine(at(payload, 'release', 'name')),
        link: webLink(at(payload, 'release', 'html_url')),
        occurredAt: moment(at(payload, 'release', 'published_at')),
        live: false,
      },
    ],
  };
}

function deployment(repository: string, payload: unknown): Delivery {
  const state = word(at(payload, 'deployment_status', 'state'));
  if (state === null) return { unreadable: '/deployment_status/state is missing' };
  if (state !== 'success') return { ignored: `the deployment is “${state}”` };
  const to = shortSha(at(payload, 'deployment', 'sha'));
  if (to === null) return { unreadable: '/deployment/sha is missing' };
  const environment =
    word(at(payload, 'deployment', 'environment')) ?? word(at(payload, 'deployment_status', 'environment'));
  const id = word(at(payload, 'deployment', 'id')) ?? to;
  return {
    changes: [
      {
        key: `github:${repository}:deployment:${id}`,
        kind: 'deploy',
        subject: environment === null ? repository : `${repository} on ${environment}`.slice(0, 200),
        from: null,
        to,
        text: null,
        note: firstLine(at(payload, 'deployment', 'description')),
        link: webLink(at(payload, 'deployment_status', 'target_url')),
        occurredAt: moment(at(payload, 'deployment_status', 'created_at')),
        live: false,
      },
    ],
  };
}

function workflow(repository: string, payload: unknown): Delivery {
  const run = at(payload, 'workflow_run');
  if (!isMembers(run)) return { unreadable: '/workflow_run is missing' };
  if (at(payload, 'action') !== 'completed' || run.conclusion !== 'success')
    return { ignored: 'the workflow has not succeeded' };
  const branch = word(at(payload, 'repository', 'default_branch'));
  if (branch !== null && word(run.head_branch) !== branch) return { ignored: 'the workflow ran on another branch' };
  const to = shortSha(run.head_sha);
  if (to === null) return { unreadable: '/workflow_run/head_sha is missing' };
  return {
    changes: [
      {
        key: `github:${repository}:workflow:${word(run.id) ?? to}`,
        kind: 'deploy',
        subject: `${repository}: ${word(run.name) ?? 'workflow'}`.slice(0, 200),
        from: null,
        to,
        text: null,
        note: firstLine(run.display_title),
        link: webLink(run.html_url),
        occurredAt: moment(run.updated_at),
        live: false,
      },
    ],
  };
}
