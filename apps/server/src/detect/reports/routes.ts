import { reports as doors } from '@firebreak/contract/detect/reports';
import {
  answerReport,
  FORM_STREAM,
  foldAnswer,
  foldForm,
  type ReportForm,
  setForm,
  stateOfReport,
} from '@firebreak/core/detect/reports';
import type { FeedbackId } from '@firebreak/core/detect/signals';
import { isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import { type App, act, type Deps, loadStream, route } from '../../platform/index.ts';
import { registeredAmong } from '../../prepare/inventory/index.ts';
import { feedbackById } from '../signals/index.ts';
import { publicDoors } from './public-doors.ts';
import { readContacts, readForm } from './store.ts';

const shown = (form: ReportForm) => ({ ...form, names: form.names.map((each) => ({ ...each })) });

async function reportOf(deps: Deps, feedback: FeedbackId): Promise<Refusal | null> {
  const [found] = await feedbackById(deps.db, [feedback]);
  return found?.kind === 'outside-report'
    ? null
    : refuse('report.unknown', `No report came in as “${feedback}”. It may be older than what is kept.`);
}

async function showReport(deps: Deps, feedback: FeedbackId) {
  const facts = await loadStream(deps.db, feedback);
  return {
    feedback,
    ...(await readContacts(deps.db, feedback)),
    state: stateOfReport(facts),
    answer: foldAnswer(facts),
  };
}

export async function routes(app: App, deps: Deps): Promise<void> {
  await publicDoors(app, deps);

  route(app, doors.form, async () => shown(await readForm(deps.db)));
  route(app, doors.setForm, async ({ body, caller }) => {
    const systems = [...new Set(body.names.map(({ system }) => system))];
    const known = await registeredAmong(deps.db, systems);
    const stranger = body.names.findIndex(({ system }) => !known.has(system));
    if (stranger !== -1)
      return refuse(
        'system.unknown',
        `There is no AI system “${body.names[stranger]!.system}”. List the systems to see the ones there are.`,
        `/names/${stranger}/system`,
      );
    const done = await act(deps, {
      stream: FORM_STREAM,
      by: caller,
      may: 'people.administer',
      fold: foldForm,
      decide: (state) => setForm(state, body),
    });
    return isRefusal(done) ? done : shown(done.state);
  });

  route(app, doors.show, async ({ params: { feedback } }) => {
    return (await reportOf(deps, feedback)) ?? showReport(deps, feedback);
  });
  route(app, doors.answer, async ({ params: { feedback }, body, caller }) => {
    const none = await reportOf(deps, feedback);
    if (none !== null) return none;
    const done = await act(deps, {
      stream: feedback,
      by: caller,
      may: 'candidate.judge',
      fold: foldAnswer,
      decide: (state) => answerReport(state, { feedback, text: body.text }),
    });
    return isRefusal(done) ? done : showReport(deps, feedback);
  });
}
