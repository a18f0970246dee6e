import { Link, useSearch } from '@tanstack/react-router';
import { Page } from '../../app/Page.tsx';
import { Switcher } from '../../ui/Switcher.tsx';
import { FireDrills } from '../fire-drills/index.ts';
import { Backtests } from './Backtests.tsx';
import { Figures } from './Figures.tsx';

/** How good detection is: by what became of it, on labelled history, and by drills. */
export function QualityPage() {
  const { show } = useSearch({ from: '/shell/quality' });
  const here = { 'aria-current': 'page' as const };
  const options = { exact: true, includeSearch: true };
  return (
    <Page
      title="Detection quality"
      lead="What became of candidates and pages, what would have been found in labelled history, and whether a known failure reaches somebody."
      tabs={
        <Switcher label="How it is known">
          <Link to="/quality" search={{}} activeOptions={options} activeProps={here}>
            Figures
          </Link>
          <Link to="/quality" search={{ show: 'drills' }} activeOptions={options} activeProps={here}>
            Fire drills
          </Link>
          <Link to="/quality" search={{ show: 'backtests' }} activeOptions={options} activeProps={here}>
            Backtests
          </Link>
        </Switcher>
      }
    >
      {show === 'drills' ? <FireDrills /> : show === 'backtests' ? <Backtests /> : <Figures />}
    </Page>
  );
}
