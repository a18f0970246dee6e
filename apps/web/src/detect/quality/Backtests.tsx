import { type BacktestRow, quality } from '@firebreak/contract/detect/quality';
import { BACKTEST_LIMITS } from '@firebreak/core/detect/quality';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { useMay, useNames } from '../../app/session.tsx';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty, Rows, Section } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input, Select } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';
import { scoreLines, TOPIC_WORDS } from './words.ts';

type Topic = BacktestRow['topic'];

/** A file of this machine, as text. */
function File({
  label,
  hint,
  onText,
  error,
}: {
  label: string;
  hint: string;
  onText: (text: string, name: string) => void;
  error?: string | undefined;
}) {
  return (
    <label className="grid gap-1">
      <span className="font-[600]">{label}</span>
      <input
        type="file"
        accept=".jsonl,.ndjson,.json,.txt"
        className="w-full rounded-md border border-edge bg-surface px-3 py-2 text-sm"
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) void file.text().then((text) => onText(text, file.name));
        }}
      />
      <span className="text-xs text-ink-3">{hint}</span>
      {error && <span className="text-xs text-ember">{error}</span>}
    </label>
  );
}

function AskForm({ topics, onClose }: { topics: readonly Topic[]; onClose: () => void }) {
  const [topic, setTopic] = useState<Topic>('signal-grouping');
  const [name, setName] = useState('');
  const [rows, setRows] = useState<string | null>(null);
  const [corpus, setCorpus] = useState<string | null>(null);
  const ask = useAct(quality.ask, { refreshes: ['/api/v1/backtests'], done: onClose });
  const told = ask.error ? tell(ask.error) : null;
  const searches = topic === 'similar';
  return (
    <Dialog
      title="Try on labelled history"
      about="The local detection alone, without any model. Labels are read for the scores, after everything is predicted."
      onClose={onClose}
      onSubmit={() =>
        rows !== null &&
        ask.mutate({ body: { topic, name: name.trim() || topic, rows, corpus: searches ? corpus : null } })
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="strong"
            busy={ask.isPending}
            disabled={rows === null || (searches && corpus === null)}
          >
            Try it
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Select
          label="Topic"
          value={topic}
          onText={(value) => setTopic(value as Topic)}
          options={topics.map((each) => ({ value: each, label: `${TOPIC_WORDS[each]} (${each})` }))}
        />
        <File
          label="Rows"
          hint={`One JSON object on each line, at most ${BACKTEST_LIMITS.rows.toLocaleString('en')}. For more, use firebreak backtest.`}
          error={told?.fields.rows}
          onText={(text, file) => {
            setRows(text);
            if (name === '') setName(file);
          }}
        />
        {searches && (
          <File
            label="What is searched"
            hint="Incidents, one on each line."
            error={told?.fields.corpus}
            onText={setCorpus}
          />
        )}
        <Input label="Name" optional value={name} onText={setName} />
        {ask.error && <Trouble error={ask.error} />}
      </div>
    </Dialog>
  );
}

function Row({ backtest }: { backtest: BacktestRow }) {
  const nameOf = useNames();
  const [open, setOpen] = useState(false);
  const { done, failed } = backtest;
  return (
    <li className="px-4 py-3">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="min-w-0 flex-1 basis-60">
          <p className="flex flex-wrap items-baseline gap-x-2">
            <span className="font-[600] break-words">{backtest.name}</span>
            <Flag tone={failed ? 'ember' : done ? 'moss' : 'blue'}>
              {failed ? 'failed' : done ? 'done' : 'working'}
            </Flag>
            <span className="text-xs text-ink-3">
              {TOPIC_WORDS[backtest.topic]} ({backtest.topic})
            </span>
          </p>
          <p className="text-xs text-ink-3">
            {backtest.rows.toLocaleString('en')} rows · {nameOf(backtest.askedBy)} <Ago at={backtest.askedAt} /> · file{' '}
            {backtest.digest.slice(0, 8)}
            {done && ` · ${(done.tookMs / 1_000).toFixed(1)} s of work`}
          </p>
          {failed && <p className="mt-1 text-sm">{failed}</p>}
        </div>
        {done && (
          <Button size="sm" aria-expanded={open} onClick={() => setOpen(!open)}>
            Scores<span className="sr-only"> of {backtest.name}</span>
          </Button>
        )}
      </div>
      {done && open && (
        <dl className="mt-2 grid gap-x-6 gap-y-1 rounded-md bg-sunken px-3 py-2 text-sm phone:grid-cols-2">
          {scoreLines(done.scores).map((it) => (
            <div key={it.name} className="flex flex-wrap gap-x-2">
              <dt className="text-ink-2">{it.name}</dt>
              <dd className="ml-auto tabular-nums">
                {it.value}
                {it.interval && <span className="text-xs text-ink-3"> ({it.interval})</span>}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  );
}

export function Backtests() {
  const list = useAsk(quality.backtests, {}, { every: 3_000 });
  const judges = useMay('candidate.judge');
  const [open, setOpen] = useState(false);
  return (
    <Shown of={list} lines={4}>
      {({ backtests, topics }) => (
        <Section
          title="Tried on labelled history"
          aside={
            judges && (
              <Button size="sm" onClick={() => setOpen(true)}>
                Try …
              </Button>
            )
          }
        >
          {backtests.length === 0 ? (
            <Empty title="Nothing was tried yet">
              With rows whose answer is known, the detection says what it would have said, and how often that was right,
              beside what no detection at all would score.
            </Empty>
          ) : (
            <Rows label="Backtests">
              {backtests.map((backtest) => (
                <Row key={backtest.id} backtest={backtest} />
              ))}
            </Rows>
          )}
          {open && <AskForm topics={topics} onClose={() => setOpen(false)} />}
        </Section>
      )}
    </Shown>
  );
}
