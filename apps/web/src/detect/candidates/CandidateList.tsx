import { candidates } from '@firebreak/contract/detect/candidates';
import { Link, useSearch } from '@tanstack/react-router';
import { useActions } from '../../app/actions.tsx';
import { useAsk } from '../../app/ask.ts';
import { useListKeys } from '../../app/list-keys.ts';
import { Page } from '../../app/Page.tsx';
import { Shown } from '../../app/Trouble.tsx';
import { OPEN_CANDIDATES } from '../../app/waiting.ts';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Card.tsx';
import { Switcher } from '../../ui/Switcher.tsx';
import { CandidateRows } from './CandidateRows.tsx';

/** Signals that seem to be one event, waiting for a person to say what they are. */
export function CandidateList() {
  const { show } = useSearch({ from: '/shell/candidates' });
  const { ask } = useActions();
  const list = useAsk(
    candidates.listCandidates,
    show === 'all' ? { query: { state: 'all' as const, limit: 100 } } : OPEN_CANDIDATES,
    { every: 30_000 },
  );
  const keys = useListKeys();
  return (
    <Page
      title="Candidates"
      lead="Signals that seem to be one event. A person decides what they are."
      actions={
        <Button hotkey="D" onClick={() => ask({ kind: 'declare' })}>
          Declare from nothing
        </Button>
      }
      tabs={
        <Switcher label="Which candidates">
          <Link
            to="/candidates"
            search={{}}
            activeOptions={{ exact: true, includeSearch: true }}
            activeProps={{ 'aria-current': 'page' }}
          >
            Waiting
          </Link>
          <Link
            to="/candidates"
            search={{ show: 'all' }}
            activeOptions={{ exact: true, includeSearch: true }}
            activeProps={{ 'aria-current': 'page' }}
          >
            All
          </Link>
        </Switcher>
      }
    >
      <Shown of={list} lines={8}>
        {({ items, next }) =>
          items.length === 0 ? (
            <Empty title={show === 'all' ? 'No candidate was ever formed' : 'Nothing waits for a decision'}>
              When detectors, users or other tools raise signals that resemble each other, they appear here as one
              candidate, with the reasons why they belong together. Quiet can also mean that nothing is being sent:{' '}
              <Link to="/" className="prose-link">
                Now
              </Link>{' '}
              says which systems are silent.
            </Empty>
          ) : (
            <div ref={keys}>
              <CandidateRows rows={items} label="Candidates" />
              {next !== null && <p className="mt-3 text-xs text-ink-3">Only the ones that changed last are shown.</p>}
            </div>
          )
        }
      </Shown>
    </Page>
  );
}
