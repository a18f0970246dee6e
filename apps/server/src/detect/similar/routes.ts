import { type SimilarIncident, similar } from '@firebreak/contract/detect/similar';
import { CORPUS_STREAM, foldCorpus, importReports, type Likeness, readSnapshot } from '@firebreak/core/detect/similar';
import { isRefusal } from '@firebreak/core/kernel';
import { type App, act, type Deps, route } from '../../platform/index.ts';
import { type About, wordsOf } from './asked.ts';
import { documentsOf, type Stored } from './board.ts';
import { shelvesOf } from './shelves.ts';

/** Below this share of common words an incident is not worth showing. */
const LEAST_LIKENESS = 0.12;
const SHOWN_BAD_ROWS = 500;

function shown({ id, origin, data }: Stored, { likeness, shared, sameArchetype }: Likeness): SimilarIncident {
  const why = { likeness, shared: [...shared], sameArchetype };
  if (origin === 'public')
    return {
      origin,
      id,
      label: null,
      title: data.title,
      date: data.date,
      link: data.link,
      ...why,
      nearMiss: false,
      severity: null,
      state: null,
      outcome: null,
      worked: [],
      failed: [],
    };
  const measures = (held: boolean) => data.measures.filter((each) => each.held === held).map(({ says }) => says);
  return {
    origin,
    id,
    label: data.label,
    title: data.title,
    date: data.declaredAt.slice(0, 10),
    link: null,
    ...why,
    nearMiss: data.nearMiss === true,
    severity: data.severity,
    state: data.state,
    outcome: data.outcome,
    worked: measures(true),
    failed: measures(false),
  };
}

/** Own and public incidents that resemble what is asked about, best first, at most `most`. */
async function findSimilar(deps: Deps, about: About, most: number) {
  const asked = await wordsOf(deps.db, about);
  if (isRefusal(asked)) return asked;
  const { library, own } = await shelvesOf(deps);
  const found = library.find(`${asked.title}. ${asked.description}`, most, {
    least: LEAST_LIKENESS,
    ...(asked.incident !== null && { except: asked.incident }),
    ...(asked.called !== null && { called: asked.called }),
  });
  const documents = await documentsOf(
    deps.db,
    found.map(({ id }) => id),
  );
  const items = found.flatMap((likeness) => {
    const document = documents.get(likeness.id);
    return document === undefined ? [] : [shown(document, likeness)];
  });
  return { items, among: { own: own.size, public: library.size - own.size } };
}

export function routes(app: App, deps: Deps): void {
  route(app, similar.findSimilar, ({ query: { limit, ...about } }) => findSimilar(deps, about, limit));

  route(app, similar.importCorpus, async ({ body, caller }) => {
    const snapshot = readSnapshot(body.text);
    if (isRefusal(snapshot)) return snapshot;
    const { reports, bad } = snapshot;
    const done = await act(deps, {
      stream: CORPUS_STREAM,
      by: caller,
      may: 'system.edit',
      fold: foldCorpus,
      decide: (corpus) => importReports(corpus, { source: 'aiid', reports }),
    });
    if (isRefusal(done)) return done;
    // Read at once, so that nobody waits for it when it matters.
    await shelvesOf(deps);
    const taken = done.facts.reduce((sum, { data }) => sum + (data.reports as unknown[]).length, 0);
    return {
      taken,
      unchanged: reports.length - taken,
      bad: bad.slice(0, SHOWN_BAD_ROWS).map(({ line, why }) => ({ line, why })),
      badRows: bad.length,
      public: done.state.size,
    };
  });
}
