import { at, BASE, type Doing, type Kind, objectIn, PART, partOf, troubleOf, unreadable } from './kind.ts';

const workflowAt = ({ settings: { url, owner, repository, workflow } }: Doing): string =>
  at(url!, 'repos', owner!, repository!, 'actions', 'workflows', workflow!);
const headers = ({ secret }: Doing) => ({
  authorization: `Bearer ${secret ?? ''}`,
  accept: 'application/vnd.github+json',
  'x-github-api-version': '2022-11-28',
});
/** What the name of the run has to hold, so that it is found again: another word for every try. */
const wordOf = ({ key, attempt }: Doing): string => `${key}-${attempt}`;

/**
 * A run of a GitHub Actions workflow. The workflow takes the inputs `firebreak` and `state` and carries the first one in
 * its `run-name`; a run is dispatched where none with that word is found, and confirms when it concludes in success.
 */
export const github: Kind = {
  title: 'GitHub Actions',
  api: 'REST API version 2022-11-28, workflow_dispatch',
  fields: [
    { ...BASE, hint: 'Another one for GitHub Enterprise Server', otherwise: 'https://api.github.com' },
    { name: 'owner', label: 'Owner', hint: 'Of the repository', fits: PART },
    { name: 'repository', label: 'Repository', hint: 'Its name', fits: PART },
    { name: 'workflow', label: 'Workflow', hint: 'Its file: stop-it.yml', fits: PART },
    { name: 'ref', label: 'Branch or tag', hint: 'Whose workflow file is run', otherwise: 'main', fits: /^[^\s]+$/ },
  ],
  secret: { label: 'Token with actions: write', needed: true },
  patience: () => 900,
  says: ({ workflow, owner, repository }, way) => `run ${workflow} of ${owner}/${repository} with state ${way}`,
  untried: 'the workflow itself is not run: it cannot be tried without its effect',
  look: (doing) => ({
    method: 'GET',
    url: `${workflowAt(doing)}/runs?event=workflow_dispatch&per_page=50&created=${encodeURIComponent(`>=${doing.orderedAt.slice(0, 10)}`)}`,
    headers: headers(doing),
  }),
  saw(doing, answer) {
    const { workflow } = doing.settings;
    const trouble = troubleOf(answer, `workflow ${workflow} in this repository`);
    if (trouble !== null) return trouble;
    const runs = objectIn(answer.body)?.workflow_runs;
    if (!Array.isArray(runs)) return unreadable('workflow runs of GitHub');
    const word = wordOf(doing);
    const run = runs
      .map(partOf)
      .find((it) => [it.display_title, it.name].some((title) => typeof title === 'string' && title.includes(word)));
    if (run === undefined) return { value: { run: null }, says: `no run of ${workflow} carries ${word}` };
    const state = String(run.conclusion ?? run.status ?? 'unknown');
    return {
      value: { run: Number(run.id), state, over: run.status === 'completed' },
      says: `run ${run.id} of ${workflow}: ${state}`,
    };
  },
  stands(doing, { value, says }) {
    if (value.run === null) return doing.sent ? 'under-way' : 'elsewhere';
    if (value.over !== true) return 'under-way';
    return value.state === 'success' ? 'there' : { trouble: says, final: false };
  },
  change: (doing) => [
    {
      method: 'POST',
      url: `${workflowAt(doing)}/dispatches`,
      headers: { ...headers(doing), 'content-type': 'application/json' },
      body: JSON.stringify({ ref: doing.settings.ref, inputs: { firebreak: wordOf(doing), state: doing.way } }),
    },
  ],
  changed: (doing, answer) =>
    troubleOf(answer, '') === null
      ? { stands: 'under-way', says: `${doing.settings.workflow} was dispatched as ${wordOf(doing)}` }
      : undefined,
  may: (doing) => ({
    method: 'GET',
    url: at(doing.settings.url!, 'repos', doing.settings.owner!, doing.settings.repository!),
    headers: headers(doing),
  }),
  mayChange(_doing, { body }) {
    const { push } = partOf(objectIn(body)?.permissions);
    return typeof push === 'boolean' ? push : null;
  },
};
