import { type EvalCase, evals } from '@firebreak/contract/detect/evals';
import { CHECK_KINDS, type CheckKind, EXPECTATIONS, type Expectation } from '@firebreak/core/detect/evals';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input, Select, TextArea } from '../../ui/Field.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { REFRESHES } from './refreshes.ts';
import { CHECK_WORDS, checkReads, EXPECT_WORDS, wordsIn } from './words.ts';

interface CheckDraft {
  readonly key: number;
  readonly kind: CheckKind;
  readonly text: string;
}
let keys = 0;
const draftsOf = (checks: EvalCase['checks']): CheckDraft[] =>
  checks.map(({ kind, value, values, limit }) => ({
    key: keys++,
    kind,
    text:
      checkReads(kind) === 'values' ? values.join('\n') : checkReads(kind) === 'limit' ? String(limit ?? '') : value,
  }));
const checkOf = ({ kind, text }: CheckDraft): EvalCase['checks'][number] => ({
  kind,
  value: checkReads(kind) === 'value' ? text : '',
  values: checkReads(kind) === 'values' ? wordsIn(text) : [],
  limit: checkReads(kind) === 'limit' ? Number(text) : null,
});
const NEW: EvalCase = {
  id: '',
  title: '',
  input: [{ role: 'user', content: '' }],
  expect: 'any',
  checks: [],
  judge: null,
  cluster: null,
  tags: [],
  sources: [],
  from: null,
  probe: null,
};

function CheckFields({
  check,
  onCheck,
  onDrop,
}: {
  check: CheckDraft;
  onCheck: (it: CheckDraft) => void;
  onDrop: () => void;
}) {
  const reads = checkReads(check.kind);
  return (
    <li className="grid items-start gap-2 px-3 py-3 phone:grid-cols-[13rem_minmax(0,1fr)_auto]">
      <Select
        label="The answer"
        hideLabel
        value={check.kind}
        onText={(kind) => onCheck({ ...check, kind: kind as CheckKind })}
        options={CHECK_KINDS.map((value) => ({ value, label: CHECK_WORDS[value] }))}
      />
      <TextArea
        label={CHECK_WORDS[check.kind]}
        hideLabel
        rows={reads === 'values' ? 2 : 1}
        value={check.text}
        onText={(text) => onCheck({ ...check, text })}
        placeholder={
          reads === 'values'
            ? 'one a line'
            : reads === 'limit'
              ? '600'
              : check.kind === 'numbers'
                ? 'optional: You may return it within 30 days.'
                : ''
        }
      />
      <Button size="sm" look="quiet" onClick={onDrop} aria-label={`Drop the check “${CHECK_WORDS[check.kind]}”`}>
        Drop
      </Button>
    </li>
  );
}

/** One case: what is asked, and what its answer is checked for. */
export function CaseForm({
  suite,
  given,
  answered,
  onClose,
}: {
  suite: `evs_${string}`;
  /** A case to change, or a draft made of an interaction. */
  given?: EvalCase;
  /** What was answered when somebody really asked it. */
  answered?: string | null;
  onClose: () => void;
}) {
  const start = given ?? NEW;
  const [id, setId] = useState(start.id);
  const [title, setTitle] = useState(start.title);
  const last = start.input.at(-1)!;
  const [question, setQuestion] = useState(last.content);
  const [expect, setExpect] = useState<Expectation>(start.expect);
  const [checks, setChecks] = useState(draftsOf(start.checks));
  const [cluster, setCluster] = useState(start.cluster ?? '');
  const [tags, setTags] = useState(start.tags.join(', '));
  const [sources, setSources] = useState(start.sources.join('\n\n'));
  const [judge, setJudge] = useState(start.judge ?? '');
  const keep = useAct(evals.keepCases, { refreshes: REFRESHES, done: onClose });
  const fields = keep.error ? tell(keep.error).fields : {};
  const body: EvalCase = {
    ...start,
    id:
      id.trim() ||
      question
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-+|-+$/g, '')
        .slice(0, 60) ||
      'case',
    title: title.trim(),
    input: [...start.input.slice(0, -1), { role: 'user', content: question }],
    expect,
    checks: checks.map(checkOf),
    cluster: cluster.trim() || null,
    tags: tags
      .split(',')
      .map((each) => each.trim())
      .filter(Boolean),
    sources: sources
      .split(/\n{2,}/)
      .map((each) => each.trim())
      .filter(Boolean),
    judge: judge.trim() || null,
  };
  return (
    <Dialog
      title={
        start.id === ''
          ? 'Add a case'
          : answered === undefined
            ? `Change ${start.title || start.id}`
            : 'A case of an interaction'
      }
      about="What is asked, and what the answer must be."
      width="wide"
      onClose={onClose}
      onSubmit={() => keep.mutate({ params: { suite }, body: { cases: [body] } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={keep.isPending} disabled={question.trim() === ''}>
            Keep the case
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {answered && (
          <Notice title="What was answered then">
            <p className="max-h-32 overflow-y-auto whitespace-pre-wrap">{answered}</p>
          </Notice>
        )}
        {start.input.length > 1 && (
          <p className="text-xs text-ink-3">
            {start.input.length - 1} earlier messages of the conversation are sent before it.
          </p>
        )}
        <TextArea
          label="Question"
          value={question}
          onText={setQuestion}
          rows={3}
          maxLength={20000}
          error={fields['cases/0/input']}
        />
        <Select
          label="As a whole the answer"
          hint="Judged by its words alone, which is weak. Add a check where it matters."
          value={expect}
          onText={(value) => setExpect(value as Expectation)}
          options={EXPECTATIONS.map((value) => ({ value, label: EXPECT_WORDS[value] }))}
          error={fields['cases/0/expect']}
        />
        <section aria-label="Checks">
          <div className="mb-1 flex items-baseline gap-3">
            <h3 className="text-sm font-[600]">The answer</h3>
            <Button
              size="sm"
              className="ml-auto"
              onClick={() => setChecks([...checks, { key: keys++, kind: 'contains', text: '' }])}
            >
              Add a check
            </Button>
          </div>
          {checks.length === 0 ? (
            <p className="text-sm text-ink-3">No check yet.</p>
          ) : (
            <ul className="rounded-lg border border-line *:border-t *:border-t-line *:first:border-t-0">
              {checks.map((check) => (
                <CheckFields
                  key={check.key}
                  check={check}
                  onCheck={(it) => setChecks(checks.map((each) => (each.key === it.key ? it : each)))}
                  onDrop={() => setChecks(checks.filter(({ key }) => key !== check.key))}
                />
              ))}
            </ul>
          )}
        </section>
        <details open={start.sources.length > 0}>
          <summary className="cursor-pointer text-sm text-ink-2">Sources, cluster, second opinion</summary>
          <div className="mt-3 grid gap-4">
            <TextArea
              label="Sources"
              optional
              hint="What the answer may rest on; an empty line between two."
              value={sources}
              onText={setSources}
              rows={3}
            />
            <div className="grid gap-4 phone:grid-cols-2">
              <Input label="Title" optional value={title} onText={setTitle} maxLength={200} />
              <Input
                label="Id"
                optional
                hint="The same in every version of the set."
                value={id}
                onText={setId}
                maxLength={80}
                disabled={start.id !== ''}
              />
              <Input
                label="Cluster"
                optional
                hint="Cases of one document or template fail together, and count as one."
                value={cluster}
                onText={setCluster}
                maxLength={100}
              />
              <Input label="Tags" optional hint="With commas between." value={tags} onText={setTags} />
            </div>
            <TextArea
              label="Criterion for a second opinion"
              optional
              hint="Asked of the model that judges, where the set has one. It decides nothing."
              value={judge}
              onText={setJudge}
              rows={2}
              maxLength={2000}
            />
          </div>
        </details>
        {keep.error && <Trouble error={keep.error} />}
      </div>
    </Dialog>
  );
}
